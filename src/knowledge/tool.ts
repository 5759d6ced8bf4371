/**
 * The type of a tool's record: all that is known of a package manager, archiver, downloader or builder. A new tool is one
 * file here, its line in `index.ts`, and a test. Records hold facts only; what code asks of them is in `src/analysis`.
 */
import type { CacheFacts } from "./tool-caches.ts";
import type { InstallRecord } from "./install-record.ts";

export interface Tool extends Partial<CacheFacts> {
  /** The name of its file. */
  readonly id: string;
  /** Its programs. `pip3` stands for `pip3.12` as well. */
  readonly names: readonly string[];
  /** Other programs that come with it. They install nothing and have no part in the facts below. */
  readonly helpers?: readonly string[];
  /** Where the facts come from. */
  readonly source: string;
  /** It is of the distribution: it works for root only, in folders of the system, and its packages run scripts. */
  readonly system?: true;
  /** It runs code that the text does not show: a build, which may clean up after itself, or just anything. */
  readonly opaque?: "build" | "anything";
  /** Options that take a value. Where programs differ, the first entry that names one is about it. */
  readonly options?: readonly ProgramOptions[];
  /** Long options that its parser takes for a beginning of them, with the shortest that is no other's. */
  readonly shortened?: Readonly<Record<string, string>>;
  /** Its parser takes several letters behind one dash: `-ay` is `-a -y`. */
  readonly clusters?: true;
  readonly packages?: PackageFacts;
  readonly removal?: RemovalFacts;
  readonly project?: ProjectFacts;
  readonly requirements?: RequirementFacts;
  readonly building?: BuildFacts;
  readonly unpacking?: UnpackFacts;
  readonly downloads?: DownloadFacts;
  readonly cloning?: CloneFacts;
  /** Files that each of its operations writes as a whole: two instructions that install something store them twice. */
  readonly database?: readonly DatabaseFiles[];
}

/** A tool that keeps caches. */
export type CachingTool = Tool & CacheFacts;

export interface ProgramOptions {
  /** Default: all names of the tool. */
  readonly names?: readonly string[];
  /** Letters of the short options that take a value. */
  readonly short: string;
  readonly long: readonly string[];
}

/** How a package manager of a distribution is told what to do: the verb is its first operand. */
export interface PackageFacts {
  /** Default: all names of the tool. */
  readonly names?: readonly string[];
  /** Verbs that install the packages that are named. */
  readonly install: readonly string[];
  /** Verbs that install something else: what a package is built from, a file, or what is there already. */
  readonly alsoInstall: readonly string[];
  /** Verbs that fetch the index. */
  readonly refresh: readonly string[];
  /** Verbs that bring everything up to date where no package is named. */
  readonly upgrade: readonly string[];
  /** Verbs that only delete what was downloaded. */
  readonly clean: readonly string[];
  /** It asks before it does these, which nobody answers in a build. */
  readonly asks?: {
    /** Default: all names of the tool. */
    readonly names?: readonly string[];
    readonly verbs: readonly string[];
    /** Options by which it does not, or does nothing. */
    readonly options: readonly string[];
    /** The word that answers, behind the verb. */
    readonly word: string;
    /** A setting that answers. */
    readonly setting: RegExp;
  };
}

/** How it takes installed packages away, and with them perhaps a program. */
export interface RemovalFacts {
  /** A word of such a command. */
  readonly word: RegExp;
  /** How the RUN that installs takes the packages away again; `{packages}` is what was installed, `{tool}` the program. */
  readonly command?: string;
}

/** How it installs what a manifest of the project lists. */
export interface ProjectFacts {
  /** `mod download` for two operands, `""` for none. */
  readonly verbs: readonly string[];
  /** Verbs that download what the manifest lists, and install nothing. */
  readonly downloads?: readonly string[];
  /** It still is about the manifest when more operands follow. */
  readonly withOperands?: true;
  /** File names, the most important first. */
  readonly manifests: readonly string[];
  /** The folder that it makes, and the verbs by which it does: a copy of that folder is useless. */
  readonly makes?: { readonly folder: string; readonly verbs: readonly string[] };
  /** How it is told to leave out what only development needs. */
  readonly development?: DevelopmentFacts;
  /** The file beside the packages that says which of them are for development only. */
  readonly record?: InstallRecord;
}

export interface DevelopmentFacts {
  /** Options by which it leaves them out, or which are about something else. */
  readonly options: RegExp;
  /** Variables by which it does, with the values that do. */
  readonly variables: readonly { readonly name: string; readonly value: RegExp }[];
  /** Text of a step up to the command that settles it. */
  readonly setting?: RegExp;
  /** Commands that remove them later. */
  readonly prunes: readonly { readonly names: readonly string[]; readonly words: readonly string[] }[];
  /** The word behind the verb that leaves them out, or a command before it that says so for good. */
  readonly word?: string;
  readonly before?: string;
  /** The word is only understood where one of these options shows which program it is. */
  readonly shownBy?: RegExp;
  readonly source: string;
}

/** How it installs from files that list requirements. */
export interface RequirementFacts {
  readonly names: readonly string[];
  /** Words of one of its commands that names a file of requirements; then it needs no other operand. */
  readonly options: readonly string[];
  /** What says by its name that it is for development only: `requirements-dev.txt`, `.[test]`. */
  readonly development: RegExp;
  /** File names, the most important first. */
  readonly manifests: readonly string[];
}

/** It builds something: `certain` always, `maybe` where a package comes as source only. */
export interface BuildFacts {
  readonly how: "certain" | "maybe";
  /** First operands; default: any. */
  readonly verbs?: readonly string[];
  /** Packages that are never built from source. */
  readonly never?: RegExp;
  /** The operand behind which the words are those of another tool, by its name: `python -m pip`. */
  readonly runs?: readonly string[];
}

/** How it is told which archive to unpack or install. */
export interface UnpackFacts {
  /** One of its words must be like this: `--install`. */
  readonly word?: RegExp;
  /** The first operand must be one of these; the archives come behind it. */
  readonly verbs?: readonly string[];
  /** Only the first operand, behind the verb, is an archive. */
  readonly onlyFirst?: true;
  /** Operands that are archives; others are something else. */
  readonly archive?: RegExp;
  /** Options in clusters, as tar has them. */
  readonly tar?: {
    /** Letters that take a value. */
    readonly valued: string;
    /** Letters and long options that leave everything to the folder and the archive. */
    readonly plain: string;
    readonly plainLong: readonly string[];
  };
  /** It unpacks into the folder it stands in, unless it is told otherwise. */
  readonly intoWorkingFolder?: true;
}

/** What the files of a download are called. */
export interface DownloadFacts {
  /** Options whose value is the file. */
  readonly output: readonly string[];
  /** Options by which a file is called as its URL ends; without this all are. */
  readonly named?: readonly string[];
  /** A query of the URL is a part of the name then. */
  readonly keepsQuery?: true;
  /** Options whose value is the folder of such a file. */
  readonly folder: readonly string[];
  /** Options by which it does something else. */
  readonly otherwise: readonly string[];
}

/** How it copies a repository into a folder. */
export interface CloneFacts {
  readonly verb: string;
  /** Options by which the folder holds no files of the project. */
  readonly bare: readonly string[];
}

export interface DatabaseFiles {
  /** What writes them. */
  readonly what: string;
  readonly paths: RegExp;
}

/** `pip3.12` is `pip3`. */
export function isNamed(name: string, names: readonly string[]): boolean {
  if (names.includes(name)) return true;
  // only a name with a version can be another one without it
  return name.includes(".") && names.includes(name.replace(/(\d)?\.\d+$/, "$1"));
}
