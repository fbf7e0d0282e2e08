import { expect } from "chai";
import fc from "fast-check";
import { pipRequirements } from "../../local/environments/conda-file";
import { installEnvironment } from "../../local/environments/install-environment";
import { pipErrors } from "../../local/environments/pip-errors";
import { pythonOf } from "../../local/environments/python";
import { compareWithShared, requiredNames } from "../../local/environments/requirements";
import { python as sharedPython } from "../../tools/paths";

const conda = (...dependencies: unknown[]): string => JSON.stringify({ name: "scoring", dependencies });
const lines = (...dependencies: unknown[]): readonly string[] =>
  pipRequirements(conda(...dependencies)).lines;
const python = (dependency: string): string => pipRequirements(conda(dependency)).python;

describe("a conda file", () => {
  it("is what pip would ask for", () => {
    expect(
      lines(
        "numpy",
        "pandas=2.3",
        "scipy=1.10.*",
        "scikit-learn==1.5.0",
        "xgboost>=2,<3",
        "lightgbm 4.1.0",
        "conda-forge::Joblib 1.*",
        "pip=23.0.1",
        { pip: ["mlflow[extras]==2.22.5", "--extra-index-url https://packages.example"] },
      ),
    ).to.deep.equal([
      "numpy",
      "pandas==2.3.*",
      "scipy==1.10.*",
      "scikit-learn==1.5.0",
      "xgboost>=2,<3",
      "lightgbm==4.1.0",
      "joblib==1.*",
      "mlflow[extras]==2.22.5",
      "--extra-index-url https://packages.example",
    ]);
  });

  it("asks for a minor version of Python, or a range", () => {
    for (const text of ["python=3.11", "python==3.11", "python 3.11", "python=3.11.5", "python==3.11.5"])
      expect(python(text), text).to.equal("==3.11.*");
    expect(python("python>=3.10,<3.13")).to.equal(">=3.10,<3.13");
    expect(python("python=3")).to.equal("==3.*");
    expect(python("python")).to.equal("");
  });

  it("keeps every version that it names", () => {
    const version = fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("."));
    fc.assert(
      fc.property(version, fc.constantFrom("==", ">=", "<=", "!=", "<", ">", "~="), (number, operator) => {
        expect(lines(`a${operator}${number}`)).to.deep.equal([`a${operator}${number}`]);
        expect(lines(`a=${number}`)).to.deep.equal([`a==${number}.*`]);
      }),
    );
  });

  it("is refused with the reason where pip has no equivalent", () => {
    const reason = (file: string): string => {
      try {
        return pipRequirements(file).lines.join();
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(reason("dependencies: [")).to.contain("it is not YAML");
    expect(reason("name: x")).to.contain("no list 'dependencies'");
    expect(reason(conda("numpy=1.24.3=py311h64a7726_0"))).to.contain("names a build");
    expect(reason(conda("numpy 1.24.3 py311_0"))).to.contain("names a build");
    expect(reason(conda("numpy=1.8|1.9"))).to.contain("'numpy=1.8|1.9'");
    expect(reason(conda("numpy[version='>=1']"))).to.contain("no equivalent");
    expect(reason(conda({ npm: ["left-pad"] }))).to.contain('{"npm":["left-pad"]}');
  });
});

describe("requirements", () => {
  it("are named as PyPI does", () => {
    expect(requiredNames("# a\n-r other.txt\nScikit_Learn[x]>=1 ; python_version>'3'\n\n")).to.deep.equal([
      "scikit-learn",
    ]);
  });

  it("are held against the shared environment, extras with what they bring", async () => {
    const found = await compareWithShared(
      [
        "mlflow>=2",
        "MLflow[extras]",
        "pandas==0.1",
        "no-such-package==1; python_version > '3'",
        "nothing; python_version < '3'",
        "--index-url https://packages.example",
        "-r more.txt",
        "./here",
      ].join("\n"),
      "==2.7.*",
    );
    expect(found.missing).to.include("no-such-package==1; python_version > '3'").and.not.include("nothing");
    expect(found.missing.length, found.missing.join()).to.be.greaterThan(1);
    expect(found.different.join()).to.match(/^pandas==0.1 \(\d\S+ is installed\)$/);
    expect(found.unread).to.deep.equal(["-r more.txt", "./here"]);
    expect(found.fits).to.equal(false);
  });

  it("are found by the user's own settings of pip, through the user's proxy", () => {
    const inherited = {
      PIP_INDEX_URL: "https://packages.example",
      HTTPS_PROXY: "http://proxy",
      PATH: "/bin",
    };
    expect(installEnvironment(inherited)).to.deep.equal({
      PIP_INDEX_URL: "https://packages.example",
      PIP_PROXY: "http://proxy",
    });
    expect(installEnvironment({ PIP_PROXY: "http://own", https_proxy: "http://proxy" })).to.deep.equal({
      PIP_PROXY: "http://own",
    });
    expect(installEnvironment({})).to.deep.equal({});
  });
});

describe("pip's failure", () => {
  it("is told by its error lines, without all versions that there are", () => {
    const versions = Array.from({ length: 50 }, (_, number) => `1.${number}`).join(", ");
    expect(
      pipErrors(
        `Collecting a\n  ERROR: Could not find a version that satisfies the requirement a==9 (from versions: ${versions})\nERROR: No matching distribution found for a==9\nERROR: No matching distribution found for a==9\n`,
      ),
    ).to.equal(
      "Could not find a version that satisfies the requirement a==9\nNo matching distribution found for a==9",
    );
    expect(pipErrors("one\ntwo\n\nthree\nfour\nlast\n")).to.equal("two\nthree\nfour\nlast");
    expect(pipErrors(`ERROR: ${"x".repeat(1000)}`)).to.have.length.below(500);
  });
});

describe("the Python of an environment", () => {
  const environment = {
    id: "/environments/scoring/versions/1",
    image: undefined,
    condaFile: undefined,
    build: false,
  };
  const reason = async (changes: object): Promise<string> =>
    await pythonOf({ ...environment, ...changes }, { say: () => undefined }).then(
      (path) => path,
      (error: Error) => error.message,
    );

  it("cannot be had from an image alone, nor for another Python, with what to do", async () => {
    expect(await reason({ image: "mcr.example/serving:1" })).to.match(
      /mcr\.example\/serving:1.* no containers\. Give the environment a conda file/,
    );
    expect(await reason({ build: true })).to.contain("a Docker context to build");
    expect(await reason({ condaFile: conda("python=2.7") })).to.match(
      /asks for Python ==2\.7\.\*; .* Ask for python=3\.\d+ /,
    );
  });

  it("does without what the conda file names for Azure ML's own runner", async () => {
    const condaFile = conda("pandas", { pip: ["no-such-package==1", "No_Such.Runner[fuse]"] });
    const without = ["no-such-package", "no-such-runner"];
    expect(await pythonOf({ ...environment, condaFile }, { say: () => undefined, without })).to.equal(
      sharedPython,
    );
  });
});
