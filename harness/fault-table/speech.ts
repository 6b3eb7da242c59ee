import { encodeHello, noPassword } from '../client/handshake.ts';
import { Writer } from '../client/jute.ts';
import { opcodes } from '../client/requests.ts';

interface Words {
  /** What to send, in hex. */
  hex: string;
  /** How many bytes answer it. */
  answerBytes: number;
}

/** What is said on a connection to see whether its other end lives. */
export interface Speech {
  hello: Words;
  /** `token` is without blanks and never twice the same. */
  question(token: string): Words;
}

/** To our own echo (talker-program.ts), which also tells what it heard. */
export const toEcho: Speech = {
  hello: { hex: '', answerBytes: 0 },
  question(token) {
    const line = Buffer.from(`${token}\n`);
    return { hex: line.toString('hex'), answerBytes: line.length };
  },
};

/** Longer than any fault here lasts; the servers grant 20 ticks. */
const sessionMs = 20_000;
/** ConnectResponse: length, version, timeout, id, password of 16 bytes with its length, whether reads only. */
const welcomeBytes = 4 + 4 + 4 + 8 + (4 + 16) + 1;
/** ReplyHeader with its length: xid, zxid, error. */
const pongBytes = 4 + 4 + 8 + 4;
const pingXid = -2;

/** To a real server: a session of its own, pinged. The server that holds the connection answers a ping by itself. */
export const toServer: Speech = {
  hello: {
    hex: encodeHello({
      lastZxidSeen: 0,
      timeoutMs: sessionMs,
      sessionId: '0',
      password: noPassword,
      readOnly: false,
    }).toString('hex'),
    answerBytes: welcomeBytes,
  },
  question() {
    const writer = new Writer();
    const mark = writer.beginFrame();
    writer.int(pingXid);
    writer.int(opcodes.ping);
    writer.endFrame(mark);
    return { hex: writer.take().toString('hex'), answerBytes: pongBytes };
  },
};
