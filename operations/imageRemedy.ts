import * as path from "node:path";
import { kserveType } from "../inference/kserveType.ts";
import type { ModelTensor } from "../triton/config/modelConfig.ts";
import { table } from "../text/table.ts";

/** The numpy types that pixels are converted to; floats are scaled to 0..1, as most models are trained. */
const numpyTypes: Readonly<Record<string, string | undefined>> = table({
  FP16: "float16",
  FP32: "float32",
  FP64: "float64",
  UINT8: "uint8",
});

/**
 * The lines of Python that make a `.npy` file of an image for a model's input.
 *
 * @param file the image
 * @param input the input; its shape determines size and order of the axes, 224 where it is open
 * @returns `undefined` if the file is no image, or the input doesn't take one
 */
export function imageRemedy(file: string, input: ModelTensor | undefined): string | undefined {
  if (!input || !/\.(jpe?g|png|webp|bmp|gif|tiff?)$/i.test(file)) return undefined;
  const type = numpyTypes[kserveType(input.data_type)];
  const shape = input.dims.slice(-3);
  if (type === undefined || shape.length < 3 || input.dims.length > 4) return undefined;
  const isChannel = (size: number | undefined) => size === 3 || size === 1;
  const last = !isChannel(shape[0]) && isChannel(shape[2]);
  const [channels, height = -1, width = -1] = last ? [shape[2], shape[0], shape[1]] : shape;
  const size = [width, height].map((pixels) => (pixels > 0 ? pixels : 224)).join(", ");
  const pixels = `${channels === 1 ? "pixels[..., None]" : "pixels"}${last ? "" : ".transpose(2, 0, 1)"}`;
  const array = `${pixels}${input.dims.length === 4 ? "[None]" : ""}${type === "uint8" ? "" : " / 255"}`;
  const target = `${path.basename(file, path.extname(file))}.npy`;
  return [
    `Python makes it of the image, if the model takes values from 0 to ${type === "uint8" ? 255 : 1}; then use --input ${JSON.stringify(`${input.name}=@${target}`)}:`,
    "import numpy",
    "from PIL import Image",
    `image = Image.open(${JSON.stringify(file)}).convert("${channels === 1 ? "L" : "RGB"}")`,
    `pixels = numpy.asarray(image.resize((${size})), "${type}")`,
    `numpy.save(${JSON.stringify(target)}, ${array})`,
  ].join("\n");
}
