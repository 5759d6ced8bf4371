/** The go command. */
import { xdg } from "../tool-caches.ts";
import type { Tool } from "../tool.ts";

export const go: Tool = {
  id: "go",
  names: ["go"],
  helpers: ["gofmt"],
  source: "go help environment: GOCACHE, GOMODCACHE",
  // package flag: one dash or two, no abbreviations, no clusters
  options: [
    {
      short: "",
      long: "-C -o -p -tags -ldflags -gcflags -asmflags -gccgoflags -mod -modfile -overlay -pgo -pkgdir -toolexec -exec -buildmode -compiler -covermode -coverpkg -installsuffix -run -bench -timeout -count -cpu -parallel -coverprofile -f -vettool -reuse -go".split(
        " ",
      ),
      flags:
        "-a -n -v -x -u -t -e -json -race -msan -asan -cover -work -linkshared -modcacherw -trimpath -buildvcs -i -r -cache -modcache -testcache -fuzzcache -m -compat".split(
          " ",
        ),
      wholeNames: true,
    },
  ],
  known: "build install get mod list env version vet clean work fmt".split(" "),
  caches: [
    {
      what: "Go's build cache",
      path: /(?:^|\/)\.cache\/go-build\/./,
      folder: "~/.cache/go-build",
      variables: [{ name: "GOCACHE", below: "" }, ...xdg("go-build/")],
    },
    {
      what: "Go's module cache",
      path: /(?:^|\/)go\/pkg\/mod\/(?:cache\/|[^/]+\.[^/]+\/)./,
      folder: "/go/pkg/mod",
      alsoAt: ["~/go/pkg/mod"],
      variables: [
        { name: "GOMODCACHE", below: "" },
        // go help gopath: downloads go into the first folder of the list
        { name: "GOPATH", below: "pkg/mod/", isList: true },
      ],
      maybeWanted: true,
    },
  ],
  writers: [
    {
      verbs: ["build", "install", "test", "run", "vet"],
      fills: [0],
      elsewhereByFlags: ["-n"],
    },
    {
      verbs: ["install", "run"],
      wants: /@/,
      fills: [1],
      elsewhereByFlags: ["-n"],
    },
    {
      verbs: ["get", "mod download"],
      fills: [1],
    },
  ],
  cleaners: [
    { words: ["clean", "-modcache"], empties: { cache: 1 } },
    { words: ["clean", "-cache"], empties: { cache: 0 } },
    { words: ["clean"] },
  ],
  remedies: [
    {
      clears: [0, 1],
      append: "go clean -cache -modcache",
      unsafe: "a later go command of the stage may need the modules",
      neededBy: {
        users: [{ names: ["go"], word: /^(?:build|test|run|install|vet|generate|mod|get|list)$/ }],
      },
    },
  ],
  title: "Go",
  example: {
    run: "go build ./...",
    leftover: "root/.cache/go-build/00/x-a",
    innocent: "go/bin/tool",
  },
  advice:
    "Build in an earlier stage and COPY --from only the program; there, mount caches: RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod.",
  usualWriters: [
    { verbs: ["build", "install", "test"], fills: [0] },
    { verbs: ["build", "install", "mod", "get", "test"], fills: [1] },
  ],
  project: { verbs: ["mod download"], withOperands: true, manifests: ["go.mod", "go.sum"] },
  building: { how: "certain" },
};
