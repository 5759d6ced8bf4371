/** The file beside installed packages that says which of them are for development only. */

export interface InstallRecord {
  readonly path: RegExp;
  /** The part of the path behind which the folders of the record begin. */
  readonly below: string;
  /** The folder of the package that a file belongs to, the innermost one. */
  readonly packageOf: RegExp;
  /** Folders of the packages for development; undefined where the record says nothing about that. */
  readonly developmentFolders: (record: unknown) => readonly string[] | undefined;
}
