import { packModelRepository } from "../packing/packRepository.ts";

// One run of packing in a process of its own, as the bench measures every other packer too.
const [directory = "", cacheDirectory = ""] = process.argv.slice(2);
await packModelRepository(directory, { cacheDirectory });
