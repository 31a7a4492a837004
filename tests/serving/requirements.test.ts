import { expect } from "chai";
import { readRequirements } from "../../local/requirements.ts";

const problemsOf = (text: string) => readRequirements(text, "m/requirements.txt").problems;

describe("a model's requirements.txt", () => {
  for (const line of [
    "numpy",
    "Flask.Thing_2",
    "numpy==1.26.4",
    "numpy >= 1.2, < 2 , != 1.5.*",
    "numpy~=1.26",
    "torch===2.1.0+cpu",
    "epoch==1!2.0",
    "requests[security,socks]>=2.8",
    "requests [ security ] (>=2.8.1, ==2.8.*)",
    "tomli; python_version < '3.11'",
    "pywin32>=1.0 ; sys_platform == 'win32' and (platform_machine not in \"arm64 aarch64\" or extra=='gui')",
    `humanize==4.9.0 --hash=sha256:${"ab".repeat(32)} --hash=sha256:${"cd".repeat(32)}`,
    ...["--pre", "--prefer-binary", "--require-hashes", "--only-binary :all:", "--only-binary=:all:"],
  ]) {
    it(`may have the line ${line}`, () => {
      expect(readRequirements(`${line}\n`, "f")).to.deep.equal({ lines: [line], problems: [] });
    });
  }

  it("may have comments, empty lines, any line ends and a byte order mark", () => {
    const text = "\uFEFF# first\r\n\r\nnumpy # why\n  scipy==1.2#3\rhumanize\t#\n#";
    const { lines, problems } = readRequirements(text, "f");
    // As for pip, a comment begins after white space.
    expect({ lines, problems }).to.deep.equal({
      lines: ["numpy", "humanize"],
      problems: ['f:4: "scipy==1.2#3" is not a package\'s name with versions'],
    });
  });

  for (const line of [
    ...["./package", "../package", "/srv/package", "package/", ".", "..", "package.whl", "package.TAR.GZ", "p-1.0.zip"],
    ...["C:\\package", "file:package", "file:///srv/package", "FILE:/srv/x", "https://example.com/p.tar.gz"],
    ...["git+https://example.com/p.git", "git+ssh://git@example.com/p", "hg+file:///srv/p", "p @ file:///srv/p"],
    ...["p@https://example.com/p.whl", "p[e] @ git+https://example.com/p ; python_version > '3'", "p @ ./p", "p@ p"],
    ...["-e .", "-e./p", "--editable=./p", "--editable p", "-r other.txt", "-rother.txt", "--requirement=x", "-c x"],
    ...["--constraint x", "-f /srv", "--find-links=https://example.com", "-i https://example.com", "--index-url x"],
    ...["--extra-index-url=https://example.com", "--no-index", "--trusted-host example.com", "--no-binary :all:"],
    ...[
      "--only-binary :none:",
      "--only-binary=numpy",
      "--use-feature=x",
      "--global-option=x",
      "numpy --global-option=x",
    ],
    ...["numpy --config-settings=x=y", "numpy --install-option=--prefix=/", "numpy -e .", "numpy --no-binary=numpy"],
    ...["numpy\\", "numpy==${VERSION}", "${NAME}", "numpy; python_version < '${V}'", "numpy; os.system('x')"],
    ...["numpy; python_version < '3' --pre", "numpy; 'a\\", "numpy scipy", "numpy==", "==1.0", "-", "numpy-", "_x"],
    ...["nümpy", "numpy\u0000", "numpy\u001b[31m", "ｎumpy", "numpy\u2028-e .", "numpy\u000b-e .", "numpy\u0085-r x"],
    ...["numpy==1.0 --hash=md5:00", "[extra]", "numpy[../x]", "numpy==1/2", "numpy==1 @ file:///x"],
  ]) {
    it(`can't have the line ${JSON.stringify(line)}`, () => {
      const { lines, problems } = readRequirements(`humanize\n${line}`, "m/requirements.txt");
      expect(lines).to.deep.equal(["humanize"]);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(/^m\/requirements\.txt:2: "/);
    });
  }

  it("is refused with every line that can't be installed, and why", () => {
    const text = "./p\nnumpy\n-r other.txt\nnumpy\\\n==1.0\nnumpy==${V}\nnumpy scipy\n";
    expect(problemsOf(text)).to.deep.equal([
      'm/requirements.txt:1: "./p" is a path or URL',
      'm/requirements.txt:3: "-r other.txt" is an option that names a file, an index, or a package that must be built',
      'm/requirements.txt:4: "numpy\\\\" continues on the next line: put it on one',
      'm/requirements.txt:5: "==1.0" is not a package\'s name with versions',
      'm/requirements.txt:6: "numpy==${V}" refers to a variable of the environment',
      'm/requirements.txt:7: "numpy scipy" is not a package\'s name with versions',
    ]);
  });

  it("has neither passwords nor long lines repeated", () => {
    const [problem = ""] = problemsOf(`p @ git+https://user:secret@example.com/${"x".repeat(10_000)}`);
    expect(problem).to.include("//***@example.com").and.not.include("secret");
    expect(problem).to.have.length.below(200);
  });

  it("is read in linear time", () => {
    const long = (text: string) => text.repeat(20_000);
    const start = performance.now();
    for (const line of [
      ...[`a[${long("b,")}`, `a[${long("b")}!`, `a[${long("b ,")}`, `a==1${long(",==1")}$`, `a (${long("==1,")}`],
      ...[
        `a${long(" ")}$`,
        `a;${long(" ")}$`,
        `a;${long("=")}$`,
        `a;${long("(")}$`,
        `a;${long("' '")}$`,
        `a;${long(" --hash")}`,
      ],
      ...[
        `a${long(" --hash=sha256:ab")}$`,
        `a;${long(" --hash=sha256:ab")}$`,
        `a${long(".")}`,
        `${long(" ")}$`,
        `a${long("#")}`,
      ],
    ]) {
      expect(problemsOf(line), line.slice(0, 20)).to.have.length(1);
    }
    expect(performance.now() - start).to.be.below(2000);
  });
});
