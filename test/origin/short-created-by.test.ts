import { expect, test } from "vitest";
import { shortCreatedBy } from "../../src/origin/short-created-by.ts";

const hash = "7a379d0ef3d363574f9a38cf03a78aa104889c30582434cdb486f5c62436edb0";

test.each([
  ["/bin/sh -c mkdir -p /a &&     echo x", "RUN mkdir -p /a && echo x"],
  ["RUN /bin/sh -c make # buildkit", "RUN make"],
  ["RUN /bin/bash -o pipefail -c make # buildkit", "RUN make"],
  ["RUN |2 A=1 B=x y /bin/sh -c make # buildkit", "RUN make"],
  ["|0 /bin/sh -c make", "RUN make"],
  ["|1 V=2 make", "RUN …"],
  ["RUN |1 TOKEN=abc unknown-shell make # buildkit", "RUN …"],
  [`/bin/sh -c #(nop) COPY file:${hash} in /a.txt `, "COPY file:7a379d0e… in /a.txt"],
  ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'],
  ["COPY a.txt /a # buildkit", "COPY a.txt /a"],
  ["WORKDIR /app", "WORKDIR /app"],
  ["bazel build //x", "bazel build //x"],
  ["BusyBox 1.35.0 (glibc), Debian 12", "BusyBox 1.35.0 (glibc), Debian 12"],
  ["RUN /bin/sh -c cat <<A > /f\nline\nA # buildkit", "RUN cat <<A > /f line A"],
])("%j reads %j", (createdBy, short) => {
  expect(shortCreatedBy(createdBy)).toBe(short);
});
