/** A line. */
export interface ChartLine {
  /** What it shows. */
  readonly name: string;
  /** Its points. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A dashed line, for a bound. Default: a solid one. */
  readonly dashed?: boolean;
}

/** A chart of lines over a common axis. */
export interface Chart {
  /** What the chart shows. */
  readonly title: string;
  /** More about it, one line below the title. */
  readonly subtitle: string;
  /** What the horizontal axis shows, with its unit. */
  readonly x: string;
  /** What the vertical axis shows, with its unit. */
  readonly y: string;
  /** The lines, at most five. */
  readonly lines: readonly ChartLine[];
}

/**
 * Draws a chart as an SVG document that needs nothing else. It follows the reader's choice of light or dark.
 *
 * @param chart what is drawn
 */
export function lineChart({ title, subtitle, x, y, lines }: Chart): string {
  const points = lines.flatMap((line) => line.points);
  const ticksX = niceTicks(Math.max(1e-9, ...points.map(([at]) => at)));
  const ticksY = niceTicks(Math.max(1e-9, ...points.map(([, value]) => value)));
  const placeX = (at: number) => LEFT + (at / (ticksX.at(-1) ?? 1)) * (WIDTH - LEFT - RIGHT);
  const placeY = (value: number) => HEIGHT - BOTTOM - (value / (ticksY.at(-1) ?? 1)) * (HEIGHT - TOP - BOTTOM);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title subtitle">
<style>${STYLE}</style>
<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>
<title id="title">${escaped(title)}</title>
<text class="title" x="${LEFT}" y="30">${escaped(title)}</text>
<text class="small" id="subtitle" x="${LEFT}" y="52">${escaped(subtitle)}</text>
${legend(lines)}
${ticksY.map((tick) => horizontal(placeY(tick), tick)).join("\n")}
${ticksX.map((tick) => label("small middle", placeX(tick), HEIGHT - BOTTOM + 20, number(tick))).join("\n")}
${label("small middle", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x)}
${label("small", LEFT, TOP - 14, y)}
${lines.map((line, index) => path(line, index, placeX, placeY)).join("\n")}
</svg>
`;
}

const WIDTH = 960;
const HEIGHT = 480;
const LEFT = 72;
const RIGHT = 24;
const TOP = 120;
const BOTTOM = 64;

// Colours that stay apart for readers who see few: Okabe and Ito's.
const STYLE = `
svg { color-scheme: light dark; font: 14px system-ui, sans-serif; }
.page { fill: #fff; } text { fill: #1b1b1b; } .title { font-size: 20px; font-weight: 600; }
.small { font-size: 13px; fill: #555; } .middle { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: #ddd; } .line { fill: none; stroke-width: 2; stroke-linejoin: round; } .dashed { stroke-dasharray: 6 5; }
.c0 { stroke: #0072b2; } .c1 { stroke: #d55e00; } .c2 { stroke: #009e73; } .c3 { stroke: #cc79a7; } .c4 { stroke: #767676; }
@media (prefers-color-scheme: dark) {
  .page { fill: #16181c; } text { fill: #eee; } .small { fill: #aaa; } .grid { stroke: #33373e; }
  .c0 { stroke: #56b4e9; } .c1 { stroke: #ff8a3d; } .c2 { stroke: #2fc79a; } .c3 { stroke: #e8a5cb; } .c4 { stroke: #9a9a9a; }
}`;

function legend(lines: readonly ChartLine[]): string {
  let at = LEFT;
  return lines
    .map(({ name, dashed }, index) => {
      const from = at;
      at += 46 + name.length * 8.5;
      const mark = `<line class="line c${index}${dashed ? " dashed" : ""}" x1="${from}" x2="${from + 24}" y1="76" y2="76"/>`;
      return `${mark}${label("", from + 30, 81, name)}`;
    })
    .join("\n");
}

function horizontal(at: number, tick: number): string {
  const line = `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(at)}" y2="${round(at)}"/>`;
  return line + label("small end", LEFT - 8, at + 4, number(tick));
}

function path(
  { points, dashed }: ChartLine,
  index: number,
  placeX: (at: number) => number,
  placeY: (value: number) => number,
): string {
  const [first, ...others] = points.map(([at, value]) => `${round(placeX(at))} ${round(placeY(value))}`);
  if (first === undefined) return "";
  // A single point is a dash.
  const rest = others.length === 0 ? " h 1" : others.map((place) => ` L ${place}`).join("");
  return `<path class="line c${index}${dashed ? " dashed" : ""}" d="M ${first}${rest}"/>`;
}

function label(style: string, x: number, y: number, text: string): string {
  return `<text class="${style}" x="${round(x)}" y="${round(y)}">${escaped(text)}</text>`;
}

/** Round numbers from 0 to the first beyond the greatest value. */
function niceTicks(greatest: number): number[] {
  const power = 10 ** Math.floor(Math.log10(greatest / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size * 6 >= greatest) ?? 10 * power;
  const count = Math.max(1, Math.ceil(greatest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

function number(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
