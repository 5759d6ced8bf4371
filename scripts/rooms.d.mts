export interface Room {
  readonly path: string;
  readonly uses: Readonly<Record<string, "all" | readonly string[]>>;
  readonly packages?: readonly string[];
  readonly node: "none" | "no-files" | "all";
  readonly process?: true;
  readonly why: string;
}
export declare const rooms: Readonly<Record<string, Room>>;
