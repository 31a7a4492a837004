import { packModelRepository } from "../../packing/packRepository.ts";

// One packing run in a separate process, like the other packers in the benchmark.
const [directory = "", cacheDirectory = ""] = process.argv.slice(2);
await packModelRepository(directory, { cacheDirectory });
