/** One thing to look through: a file on disk, a version of a file in git, a commit's message. */
export interface Source {
  /** Path relative to the folder that is scanned, with forward slashes. */
  readonly file: string;
  /** The commit it was read from, when it is not the present state. */
  readonly commit?: string;
  /** Its content in pieces that overlap, so that huge files need little memory; one piece for all others. */
  read(): Iterable<Piece>;
}

/** A part of a source, with where it begins. */
export interface Piece {
  readonly text: string;
  /** Lines before this piece. */
  readonly line: number;
  /** Whether the content is not text: only its printable parts are here. */
  readonly binary: boolean;
  /** Why something of the source is in no piece: a limit, damage. */
  readonly unread?: string;
}
