import { findPython, type Python } from "../../local/python.ts";
import { installPythonPackages } from "../../local/pythonPackages.ts";
import { cacheDirectory } from "../../packing/cacheDirectory.js";

/** Triton's own Python client, and what its HTTP part needs. */
const requirements = ["tritonclient==2.73.0", "geventhttpclient==2.3.9", "ml-dtypes==0.5.4", "numpy==1.26.4"];

/** A Python that has `tritonclient.http`. */
export interface TritonClient {
  /** The interpreter. */
  readonly python: Python;
  /** The environment variables it needs to find the client. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Installs Triton's own client from PyPI on first use. */
export async function installTritonClient(): Promise<TritonClient> {
  const python = await findPython();
  const name = `tritonclient-2.73.0-python-${python.version}`;
  const packages = { title: "tritonclient 2.73.0", name, installs: [{ requirements, target: "packages" }] };
  const installed = await installPythonPackages(cacheDirectory("triton"), python, packages);
  return {
    python,
    environment: { PYTHONPATH: `${installed}/packages`, PYTHONDONTWRITEBYTECODE: "1", LANG: "C.UTF-8" },
  };
}
