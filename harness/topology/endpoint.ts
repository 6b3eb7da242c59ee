/** One named server: its id in the topology, and where clients reach it. */
export interface Endpoint {
  sid: number;
  host: string;
  port: number;
}
