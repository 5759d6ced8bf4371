/**
 * The type of a tool's record: all facts about a package manager, archiver, downloader or builder. A new tool is one
 * file in `tools/`, its line in `index.ts`, and a test. Records hold facts only; `src/analysis` interprets them.
 */
import type { InstallRecord } from "./install-record.ts";
import type { OptionSyntax } from "../shell/option-reader.ts";
import type { SecretArguments } from "./secret-arguments.ts";
import type { CacheFacts } from "./tool-caches.ts";

export interface Tool extends Partial<CacheFacts> {
  /** The name of its file. */
  readonly id: string;
  /** Names of its programs. `pip3` includes `pip3.12`. */
  readonly names: readonly string[];
  /** Other programs of its package. They install nothing, and the facts below do not apply to them. */
  readonly helpers?: readonly string[];
  /** Source of the facts. */
  readonly source: string;
  /**
   * True for a distribution's package manager: it needs root, writes to system folders, and its packages run scripts.
   */
  readonly system?: true;
  /** The tool runs code that is not in the Dockerfile: a build, which may clean up after itself, or any code. */
  readonly opaque?: "build" | "anything";
  /**
   * First operands of the commands whose text shows what they do: they install dependencies, compile, or only print.
   * They run no task of the project and use no cache but the tool's own. `"all"` for a tool that has no other commands.
   * Another command of the tool may run anything: `npm run x`, `cargo run`.
   */
  readonly known?: "all" | readonly string[];
  /** True if every operand is a verb: `mvn clean exec:java`. */
  readonly manyVerbs?: true;
  /** Set for a tool that reads what is below a folder that it is given. */
  readonly walks?: Walker;
  /** What an interpreter is given instead of a script. */
  readonly interprets?: InterpreterFacts;
  /**
   * How its programs read options: those that take a value and, of the others, those that may stand before the verb. If
   * programs differ, the first entry that names a program applies to it.
   */
  readonly options?: readonly ProgramOptions[];
  readonly packages?: PackageFacts;
  readonly removal?: RemovalFacts;
  readonly project?: ProjectFacts;
  readonly requirements?: RequirementFacts;
  readonly building?: BuildFacts;
  /** What its builds leave in the folder of the project and no program needs at run time. */
  readonly outputs?: readonly OutputFiles[];
  readonly unpacking?: UnpackFacts;
  readonly downloads?: DownloadFacts;
  readonly cloning?: CloneFacts;
  /** Arguments that no output may show. */
  readonly secrets?: SecretArguments;
  /** Files that each of its operations writes as a whole: two instructions that install something store them twice. */
  readonly database?: readonly DatabaseFiles[];
}

/** A tool that keeps caches. */
export type CachingTool = Tool & CacheFacts;

/** How a command reads whole folders: `tar`, `find`, `cp -r`. */
export interface Walker {
  /** The option without which it reads no more than the folder itself. */
  readonly flag?: RegExp;
  /** A first word with which it reads nothing: `tar -x`. */
  readonly unless?: RegExp;
  /** It reads the working folder when it has no more operands than these: a pattern, or none. */
  readonly here?: 0 | 1;
  /** True if it writes to its last operand. */
  readonly last?: true;
}

export interface InterpreterFacts {
  /** Options whose value is the code: `-c`. */
  readonly code: readonly string[];
  /** The option whose value is a module, which may be another tool: `-m pip`. */
  readonly module?: string;
  /** Modules that run no code of the project. */
  readonly modules?: readonly string[];
}

export interface ProgramOptions extends OptionSyntax {
  /** Default: all names of the tool. */
  readonly names?: readonly string[];
}

/** The verbs of a distribution's package manager; the verb is the first operand. */
export interface PackageFacts {
  /** Default: all names of the tool. */
  readonly names?: readonly string[];
  /** Verbs that install the named packages. */
  readonly install: readonly string[];
  /** Verbs that install something else: build dependencies, a file, or installed packages again. */
  readonly alsoInstall: readonly string[];
  /** Verbs that fetch the index. */
  readonly refresh: readonly string[];
  /** Verbs that upgrade all packages if none is named. */
  readonly upgrade: readonly string[];
  /** Verbs that only delete downloads. */
  readonly clean: readonly string[];
  /** Operations before which the tool asks a question, which a build cannot answer. */
  readonly asks?: {
    /** Default: all names of the tool. */
    readonly names?: readonly string[];
    readonly verbs: readonly string[];
    /** Options with which the tool asks nothing, or does nothing. */
    readonly options: readonly string[];
    /** The word after the verb that answers the question. */
    readonly word: string;
    /** A setting that answers the question. */
    readonly setting: RegExp;
  };
}

/** How the tool removes packages, possibly with a program. */
export interface RemovalFacts {
  /** A word of a removing command. */
  readonly word: RegExp;
  /**
   * The command that removes the packages at the end of the installing RUN; `{packages}` are their names, `{tool}` is
   * the program.
   */
  readonly command?: string;
  /** The option whose value names all packages of one command: only that name removes them. */
  readonly group?: RegExp;
}

/** How the tool installs the dependencies in a project's manifest. */
export interface ProjectFacts {
  /** `mod download` for two operands, `""` for none. */
  readonly verbs: readonly string[];
  /** Verbs that only download the dependencies. */
  readonly downloads?: readonly string[];
  /** True if the command reads the manifest even with more operands. */
  readonly withOperands?: true;
  /** File names, the most important first. */
  readonly manifests: readonly string[];
  /** The folder that the tool creates, and the verbs that do; copying that folder is useless. */
  readonly makes?: { readonly folder: string; readonly verbs: readonly string[] };
  /** How to leave out development packages. */
  readonly development?: DevelopmentFacts;
  /** The file beside the packages that lists which are for development only. */
  readonly record?: InstallRecord;
}

export interface DevelopmentFacts {
  /** Options that leave development packages out, or that change the operation. */
  readonly options: RegExp;
  /** Variables that leave them out, with the effective values. */
  readonly variables: readonly { readonly name: string; readonly value: RegExp }[];
  /** Text before the command that already leaves them out. */
  readonly setting?: RegExp;
  /** Commands that remove development packages later. */
  readonly prunes: readonly { readonly names: readonly string[]; readonly words: readonly string[] }[];
  /** The word after the verb that leaves them out, or a command before it that configures the tool to do so. */
  readonly word?: string;
  readonly before?: string;
  /** Options that identify the program, without which the word may be unknown. */
  readonly shownBy?: RegExp;
  readonly source: string;
}

/** How the tool installs from requirement files. */
export interface RequirementFacts {
  readonly names: readonly string[];
  /** Options that name a requirement file, so that no other operand is needed. */
  readonly options: readonly string[];
  /** Names of development requirements: `requirements-dev.txt`, `.[test]`. */
  readonly development: RegExp;
  /** File names, the most important first. */
  readonly manifests: readonly string[];
}

/** How the tool compiles: `certain` always, `maybe` if a package has only sources. */
export interface BuildFacts {
  readonly how: "certain" | "maybe";
  /** First operands; default: any. */
  readonly verbs?: readonly string[];
  /** Packages that are never built from source. */
  readonly never?: RegExp;
  /** Operands after which another tool's name and words follow: `python -m pip`. */
  readonly runs?: readonly string[];
}

/** How a command names the archive to unpack or install. */
export interface UnpackFacts {
  /** A required word: `--install`. */
  readonly word?: RegExp;
  /** The first operand, after which the archives follow. */
  readonly verbs?: readonly string[];
  /** True if only the first operand after the verb is an archive. */
  readonly onlyFirst?: true;
  /** Matches operands that are archives. */
  readonly archive?: RegExp;
  /** Clustered options, as of tar. */
  readonly tar?: {
    /** Letters that take a value. */
    readonly valued: string;
    /** Letters and long options that do not change which files are unpacked, or where. */
    readonly plain: string;
    readonly plainLong: readonly string[];
  };
  /** True if it unpacks into the working directory by default. */
  readonly intoWorkingFolder?: true;
}

/** How the files of a download are named. */
export interface DownloadFacts {
  /** Options whose value is the file. */
  readonly output: readonly string[];
  /** Options that name a file after its URL; absent if that is the default. */
  readonly named?: readonly string[];
  /** True if that name includes the query of the URL. */
  readonly keepsQuery?: true;
  /** Options whose value is the target folder. */
  readonly folder: readonly string[];
  /** Options that change the operation. */
  readonly otherwise: readonly string[];
}

/** How the tool clones a repository into a folder. */
export interface CloneFacts {
  readonly verb: string;
  /** Options for a clone without working files. */
  readonly bare: readonly string[];
  /** The option before the verb whose value is the folder that it runs in. */
  readonly moves: string;
  /** The options of the verb. */
  readonly options: OptionSyntax;
}

export interface OutputFiles {
  readonly what: string;
  /** Paths of files inside an image, without leading slash: names that only this tool makes. */
  readonly path: RegExp;
  readonly made?: MadeFolder;
}

export interface MadeFolder {
  /** From the folder of the project. */
  readonly folder: string;
  readonly verbs: readonly string[];
  /** The verb that puts the result elsewhere itself, and the option without which it builds in a temporary folder. */
  readonly installs?: { readonly verb: string; readonly option: RegExp };
  /** Options that may put the output elsewhere. */
  readonly elsewhere: RegExp;
}

export interface DatabaseFiles {
  /** Name of the tool in messages. */
  readonly what: string;
  readonly paths: RegExp;
  /** The list of installed packages: only an installation, upgrade or removal writes it. */
  readonly list?: RegExp;
}

/** Returns true if a program has one of the names; `pip3.12` counts as `pip3`. */
export function isNamed(name: string, names: readonly string[]): boolean {
  if (names.includes(name)) return true;
  // only a name with a version differs from its name without one
  return name.includes(".") && names.includes(withoutVersion(name));
}

/** Strips a version: `pip3.12` → `pip3`. */
export function withoutVersion(name: string): string {
  return name.replace(/(\d)?\.\d+$/, "$1");
}
