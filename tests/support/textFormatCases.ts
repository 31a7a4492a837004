import { bad, base, good, head, one, type RepositoryCase, warmup, x, y } from "./casePieces.ts";

const enable = (value: string) => one(`${base}response_cache { enable: ${value} }`);
const utilization = (value: string) =>
  one(`${base}sequence_batching { direct { minimum_slot_utilization: ${value} } }\n`);
const parameter = (entry: string) => one(`${base}parameters { ${entry} }`);
const batch = (value: string) => one(`${base}max_batch_size: ${value}\n`);
const typeOf = (value: string) => one(`${head}input { name: "x" data_type: ${value} dims: 4 }\n${y}`);
const kinds = (text: string) => one(`${base}instance_group { ${text} }`);
const ordering = (text: string) => one(`${base}max_batch_size: 4 dynamic_batching { ${text} }`);
const filled = (text: string) => one(warmup(`inputs { key: "x" value { data_type: TYPE_FP32 dims: 4 ${text} } }`));
const again = ["config-repeated-default"] as const;
const repeated = ["config-repeated-field"] as const;
const dims = (field: string) => one(`${head}input { name: "x" data_type: TYPE_FP32 ${field} }\n${y}`);

/** Ways to write a `config.pbtxt` that are easily read otherwise than Triton reads them. */
export const textFormatCases: readonly RepositoryCase[] = [
  good("nothing but a comment, and a Python file", one("# nothing")),
  good("line ends of Windows", one(base.replaceAll("\n", "\r\n"))),
  good("vertical tabs and form feeds", one(`${head}\v\f${x}${y}`)),
  good(
    "no spaces",
    one('backend:"python"input{name:"x"data_type:TYPE_FP32 dims:[4]}output{name:"y"data_type:1,dims:4}'),
  ),
  good("letters of all languages in comments", one(`# é 日本\n${base}`)),
  good("semicolons and commas after fields", one(`${head.trim()};${x.trim()},${y.trim()};`)),
  good("escapes in octal", one(base.replace("python", "\\160ython"))),
  good("escapes in hexadecimal", one(base.replace("python", "\\x70ython"))),
  good("escapes of Unicode", one(base.replace("python", "\\u0070yth\\U0000006fn"))),
  good(
    "whole numbers in octal and hexadecimal",
    one(`${base}max_batch_size: 0X10 optimization { graph { level: 010 } }`),
  ),
  good("a minus sign apart from its number", dims("dims: - # any\n1")),
  good("a minus before 0", batch("-0")),
  good("true as a number", enable("0x1"), ["response-cache-off"]),
  good("true in octal", enable("01"), ["response-cache-off"]),
  good("true as a letter", enable("t"), ["response-cache-off"]),
  good("an enum by its number in hexadecimal", typeOf("0xB")),
  good("fractions without digits before or after the point", utilization(".5")),
  good("a fraction with a suffix", utilization("1.f")),
  good("a fraction with an exponent", utilization("5e-1")),
  good("a fraction that is no number", utilization("nan")),
  good("map entries in a list", one(`${base}parameters: [ { key: "a" value: { string_value: "b" } }, { key: "c" } ]`)),
  good("a map's key twice", one(`${base}parameters { key: "a" value { } } parameters { key: "a" }`)),
  good("a list that goes on in another field", dims("dims: [ 4 ] dims: 5")),
  good("a message after a colon", one(`${base}version_policy: { all: { } }`)),
  good("the smallest and the largest whole number", dims("dims: 9223372036854775807")),
  good("a number set again after 0", batch("0 max_batch_size: 4"), again),
  good("0 set three times, in each notation", batch("-0, max_batch_size: 0x0; max_batch_size: 00"), [
    ...again,
    ...again,
  ]),
  good("a string set again after an empty one", one(`backend: '' ""\n${base}`), again),
  good("a kind set again after the first one", kinds("kind: KIND_AUTO kind: KIND_CPU"), again),
  good("a kind set again after 0", kinds("kind: 0x0 kind: KIND_CPU"), again),
  good("true after false", ordering("preserve_ordering: f preserve_ordering: true"), again),
  good("a type after the invalid one", typeOf("TYPE_INVALID data_type: TYPE_FP32"), again),
  good("a fraction after 0", utilization("0.0f minimum_slot_utilization: .5"), again),
  good("a fraction after one that is too small", utilization("1e-99 minimum_slot_utilization: .5"), again),
  good(
    "a parameter set again after an empty one",
    parameter('key: "a" value { string_value: "" string_value: "b" }'),
    again,
  ),
  bad("a byte order mark", ["config-syntax"], one(`\uFEFF${base}`)),
  bad("UTF-16", ["config-syntax"], one(base.split("").join("\0"))),
  bad("a zero byte in a comment", ["config-syntax"], one(`${head}# \0\n${x}${y}`)),
  bad("a space that does not break", ["config-syntax"], one(`${head}\u00a0${x}${y}`)),
  bad("a comment with slashes", ["config-syntax"], one(`// Python\n${base}`)),
  bad("a comment of C", ["config-syntax"], one(`/* Python */\n${base}`)),
  bad("all in braces", ["config-syntax"], one(`{ ${base} }`)),
  bad("a brace that closes with an angle bracket", ["config-syntax"], one(`${base}version_policy < all { > }`)),
  bad("a list in a list", ["config-syntax"], dims("dims: [ [ 4 ] ]")),
  bad("a list without commas", ["config-syntax"], dims("dims: [ 4 5 ]")),
  bad("a comma at the end of a list of numbers", ["config-syntax"], dims("dims: [ 4, ]")),
  bad("a string over two lines", ["config-syntax"], one(`backend: "py\nthon"\n${x}${y}`)),
  bad("a line that goes on after a backslash", ["config-syntax"], one(`backend: "py\\\nthon"\n${x}${y}`)),
  bad("a field by its number", ["config-syntax"], one(`${base}4: 1`)),
  bad("an extension", ["config-syntax"], one(`${base}[inference.x]: 1`)),
  bad("a name with a dash", ["config-syntax"], one(`${base}max-batch-size: 4`)),
  bad("a template that is not filled in", ["config-syntax"], batch("${triton_max_batch_size}")),
  bad("a plus sign", ["config-wrong-type"], batch("+4")),
  bad("a fraction of zeros", ["config-wrong-type"], batch("4.0")),
  bad("an exponent", ["config-wrong-type"], batch("4e0")),
  bad("an octal number with an 8", ["config-wrong-type"], batch("08")),
  bad("a number with an underscore", ["config-wrong-type"], batch("1_000")),
  bad("a number and a name without space", ["config-wrong-type"], batch("4dynamic_batching")),
  bad("a fraction in hexadecimal", ["config-wrong-type"], utilization("0x1")),
  bad("a fraction in octal", ["config-wrong-type"], utilization("01")),
  bad("true in capitals", ["config-wrong-type"], enable("TRUE")),
  bad("2 for true", ["config-wrong-type"], enable("2")),
  bad("a whole number below all", ["config-wrong-type"], dims("dims: -9223372036854775809")),
  bad("a list of numbers without colon", ["config-wrong-type"], dims("dims [ 4 ]")),
  bad("an enum in other letters", ["config-unknown-value"], typeOf("type_fp32")),
  bad("a field in capitals", ["config-unknown-field"], one(`${base}Max_batch_size: 4`)),
  bad("a field as JSON has it", ["config-unknown-field"], one(`${base}maxBatchSize: 4`)),
  bad("a message twice", ["config-repeated-field"], one(`${base}optimization { } optimization { }`)),
  bad("0 after a number", repeated, batch("4 max_batch_size: 0")),
  bad("a number twice after 0", [...again, ...repeated], batch("0 max_batch_size: 4 max_batch_size: 4")),
  bad("the first kind after another", repeated, kinds("kind: KIND_CPU kind: KIND_AUTO")),
  bad("false after true", repeated, ordering("preserve_ordering: true preserve_ordering: false")),
  bad("a fraction after -0", repeated, utilization("-0.0 minimum_slot_utilization: .5")),
  bad(
    "an empty message twice",
    repeated,
    one(`${head}input { name: "x" data_type: TYPE_FP32 dims: 1 reshape { } reshape { } }\n${y}`),
  ),
  bad("the same policy for versions twice", repeated, one(`${base}version_policy { latest { } latest { } }`)),
  bad("a map's key after an empty one", repeated, parameter('key: "" key: "a" value { }')),
  bad("a map's value after an empty one", repeated, one(`${base}metric_tags { key: "a" value: "" value: "b" }`)),
  bad("true after false, where only one field may be set", repeated, filled("zero_data: false zero_data: true")),
  bad("another field after false, where only one may be set", repeated, filled("zero_data: false random_data: true")),
  bad("an empty list for a single value", ["config-repeated-field"], batch("[ ]")),
  bad("two policies for versions", ["config-repeated-field"], one(`${base}version_policy { latest { } all { } }`)),
  {
    ...bad("a byte that is no UTF-8", ["config-syntax"], one(`${base}parameters { key: "\\377" }`)),
    deviates: "protobuf strings are UTF-8, so later readers needn't handle other bytes",
  },
  {
    ...bad("an enum by a number that has no name", ["config-unknown-value"], typeOf("99")),
    deviates: "there is no such type, so no request to the model can be answered",
  },
];
