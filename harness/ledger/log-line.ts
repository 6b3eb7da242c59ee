/** One line of a ZooKeeper server's log, taken apart. */
export interface LogLine {
  /** ms since 1970. */
  wallMs: number;
  level: string;
  thread: string;
  /** Simple name of the outermost class: log4j prints `QuorumPeer`, logback `o.a.z.s.q.QuorumPeer$1`; both are QuorumPeer here. */
  logger: string;
  /** The message; lines that followed it (a stack trace) come after a line break each. */
  message: string;
}

/**
 * The layout of `conf/log4j.properties` (to 3.7) and `conf/logback.xml` (from 3.8):
 * `%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n`.
 */
const layout =
  /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)[,.](\d{3}) \[myid:-?\d*\] - ([A-Z]+) +\[(.*?):(?:\w+\.)*(\w+)[\w$]*@(?:\d+|\?)\] - (.*)$/;

/**
 * Reads one physical line. `utcOffsetMinutes` is the time zone the server logs in, 0 for UTC. Undefined when the line
 * does not begin a record: it belongs to the one before, or is no log line at all.
 */
export function readLogLine(line: string, utcOffsetMinutes = 0): LogLine | undefined {
  const match = layout.exec(line);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, ms, level, thread, logger, message] = match;
  const utcMs = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!, +ms!);
  return {
    wallMs: utcMs - utcOffsetMinutes * 60_000,
    level: level!,
    thread: thread!,
    logger: logger!,
    message: message!,
  };
}

/**
 * All records of a log, in order. A last line without a line break is cut off somewhere and left out: half a zxid would
 * be read as another epoch.
 */
export function* logRecords(text: string, utcOffsetMinutes = 0): Generator<LogLine> {
  let open: LogLine | undefined;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    const line = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
    start = end + 1;
    const record = readLogLine(line, utcOffsetMinutes);
    if (record) {
      if (open) yield open;
      open = record;
    } else if (open) {
      open.message += `\n${line}`;
    }
  }
  if (open) yield open;
}
