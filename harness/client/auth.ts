/** What a session presents to servers that ask who it is: scheme `digest` with `user:password`. */
export interface Auth {
  scheme: string;
  credentials: string;
}
