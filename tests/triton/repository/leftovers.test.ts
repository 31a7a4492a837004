import { expect } from "chai";
import { leftoversAmong, topmost } from "../../../triton/repository/leftovers.ts";

const leftOf = (...paths: string[]) => [...leftoversAmong(new Set(paths))].sort();

describe("leftovers in a model repository", () => {
  for (const [title, path] of [
    ["Finder's", "m/1/.DS_Store"],
    ["Finder's archive folder", "__MACOSX"],
    ["Explorer's", "m/Thumbs.db"],
    ["vim's swap file", "m/.config.pbtxt.swp"],
    ["Emacs' lock", "m/1/.#model.py"],
    ["LibreOffice's lock", "m/1/.~lock.labels.csv#"],
    ["Jupyter's", "m/1/.ipynb_checkpoints"],
    ["git's", "m/1/.gitkeep"],
    ["a hidden folder beside the models", ".cache"],
    ["Finder's icon", "m/1/Icon\r"],
    ["the trash of a volume on Windows", "m/$RECYCLE.BIN"],
    ["the trash of a volume on Linux", "m/1/.Trash-1000"],
    ["what a check of the volume found", "lost+found"],
    ["KDE's", "m/1/.directory"],
    ["a Synology disk station's", "m/1/@eaDir"],
    ["a file of a system that deleted it while it was open", "m/1/.nfs00000000026e0b5c00000003"],
  ] as const) {
    it(`are ${title}: ${path}`, () => {
      expect(leftOf(path)).to.deep.equal([path]);
    });
  }

  for (const [left, original] of [
    ["m/config.pbtxt~", "m/config.pbtxt"],
    ["m/1/model.py.~2~", "m/1/model.py"],
    ["m/1/#labels#", "m/1/labels"],
    ["m/1/.labels.un~", "m/1/labels"],
    ["m/1/._labels", "m/1/labels"],
    ["m/1/model.pyc", "m/1/model.py"],
    ["m/1/__pycache__/model.cpython-312.opt-1.pyc", "m/1/model.py"],
  ] as const) {
    it(`include ${left} only next to ${original}`, () => {
      expect(leftOf(left)).to.deep.equal([]);
      expect(leftOf(left, original)).to.deep.equal([left]);
    });
  }

  it("don't include anything that a model may have stored itself", () => {
    const own = [".metadata", ".cache/huggingface", ".locks", ".env", ".dvc", "lost+found", "4913", "labels~", "#1"];
    expect(leftOf(...own.map((name) => `m/1/${name}`))).to.deep.equal([]);
  });

  it("include a folder of compiled Python with the last of its files", () => {
    const files = ["m/1/model.py", "m/1/__pycache__", "m/1/__pycache__/model.cpython-312.pyc"];
    expect(leftOf(...files)).to.deep.equal(files.slice(1));
    expect(leftOf(...files, "m/1/__pycache__/other.cpython-312.pyc")).to.deep.equal(files.slice(2));
  });

  it("are listed by the topmost folder", () => {
    const left = leftoversAmong(new Set([".git", ".git/objects", ".git/objects/1", "m", "m/.DS_Store"]));
    expect(topmost(left)).to.deep.equal([".git", "m/.DS_Store"]);
  });
});
