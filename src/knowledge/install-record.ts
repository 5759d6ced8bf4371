/** The file beside installed packages that lists which are for development only. */

export interface InstallRecord {
  readonly path: RegExp;
  /** Path suffix after which the folders of the record begin. */
  readonly below: string;
  /** Matches the innermost package folder of a file. */
  readonly packageOf: RegExp;
  /** Returns the folders of development packages; undefined if the record does not mark them. */
  readonly developmentFolders: (record: unknown) => readonly string[] | undefined;
}
