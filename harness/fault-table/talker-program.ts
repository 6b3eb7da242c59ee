/**
 * The program at each place that makes connections and keeps them through a fault. In Perl, for it is on every Debian and
 * so in the containers that hold servers' networks, and one process can hold all connections of a place: bash can open a
 * connection but not accept one, and server images promise only Java.
 *
 * Orders, a line each: `listen PORT` echoes whatever comes; `open ID HOST PORT`; `send ID HEX`, which
 * waits until it is open; `close ID`. It prints `ready`, `listening PORT`, `trying ID` and `sent ID` for every `open` and
 * `send` it has begun, `opened ID` or `failed ID WHY`, `got ID BYTES` (all so far), `closed ID`, and `heard LINE` for every
 * line that reached a port it listens on. It ends with its standard input.
 */
const program = String.raw`
use strict; use warnings; use IO::Select; use IO::Socket::INET; use Socket qw(SOL_SOCKET SO_ERROR);
$| = 1; $SIG{PIPE} = 'IGNORE';
my ($reads, $writes) = (IO::Select->new(\*STDIN), IO::Select->new);
my ($orders, %listener, %heard, %made, %id, %unsent, %got) = ('');

sub drop { my ($socket) = @_;
  $reads->remove($socket); $writes->remove($socket);
  delete $heard{$socket}; delete $id{$socket}; close $socket; }

sub forget { my ($id) = @_;
  delete $unsent{$id}; my $socket = delete $made{$id}; drop($socket) if $socket; }

my %obey = (
  listen => sub { my ($port) = @_;
    my $socket = IO::Socket::INET->new(LocalPort => $port, Listen => 64, ReuseAddr => 1) or die "port $port: $!\n";
    $listener{$socket} = 1; $reads->add($socket); print "listening $port\n"; },
  open => sub { my ($id, $host, $port) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Blocking => 0);
    print "trying $id\n";
    return print "failed $id $!\n" unless $socket;
    $made{$id} = $socket; $id{$socket} = $id; $got{$id} = 0; $unsent{$id} = ''; $writes->add($socket); },
  send => sub { my ($id, $hex) = @_;
    print "sent $id\n";
    my ($socket, $bytes) = ($made{$id}, pack 'H*', $hex);
    if (exists $unsent{$id}) { $unsent{$id} .= $bytes }
    elsif ($socket) { syswrite $socket, $bytes } },
  close => \&forget,
);

sub connected { my ($socket) = @_;
  my $id = $id{$socket};
  if ($! = unpack 'i', getsockopt $socket, SOL_SOCKET, SO_ERROR) { print "failed $id $!\n"; return forget($id) }
  $writes->remove($socket); $reads->add($socket); print "opened $id\n";
  my $first = delete $unsent{$id};
  syswrite $socket, $first if length $first; }

sub echo { my ($socket) = @_;
  sysread $socket, my $bytes, 4096 or return drop($socket);
  syswrite $socket, $bytes;
  $heard{$socket} .= $bytes;
  print "heard $1\n" while $heard{$socket} =~ s/^(.*)\n//; }

sub take { my ($socket) = @_;
  my $id = $id{$socket};
  my $count = sysread $socket, my $bytes, 4096;
  if ($count) { $got{$id} += $count; print "got $id $got{$id}\n" }
  else { print "closed $id\n"; forget($id) } }

print "ready\n";
while (my ($readable, $writable) = IO::Select->select($reads, $writes)) {
  for my $socket (@$writable) { connected($socket) if exists $id{$socket} }
  for my $ready (@$readable) {
    if ($ready == \*STDIN) {
      sysread STDIN, $orders, 4096, length $orders or exit 0;
      while ($orders =~ s/^(.*)\n//) { my ($order, @words) = split / /, $1; $obey{$order}->(@words) }
    }
    elsif ($listener{$ready}) { my $socket = $ready->accept or next; $heard{$socket} = ''; $reads->add($socket) }
    elsif (exists $heard{$ready}) { echo($ready) }
    elsif (exists $id{$ready}) { take($ready) }
  }
}
`;

export const talkerCommand: readonly string[] = ['bash', '-c', 'exec perl -e "$1"', 'bash', program];
