import { escaped, label, round, wrapped } from "./svgText.ts";
import { linearScaleTo, scaleFor, type Scale } from "./chartScale.ts";

/** A line. */
export interface ChartLine {
  /** What it shows. */
  readonly name: string;
  /** Its points; a point without a value leaves a gap. */
  readonly points: readonly (readonly [x: number, y: number | undefined])[];
  /** Whether the line is dashed, for a bound. Default: solid. */
  readonly dashed?: boolean;
  /** Whether the line is wide and pale, and so visible below another one that runs along it. Default: no. */
  readonly beneath?: boolean;
}

/** Highlighted ranges of the horizontal axis. */
export interface ChartBands {
  /** What they show. */
  readonly name: string;
  /** Where each begins and ends. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** A chart of lines over a common axis. */
export interface Chart {
  /** What the chart shows. */
  readonly title: string;
  /** More about it, below the title. */
  readonly subtitle: string;
  /** What the horizontal axis shows, with its unit. */
  readonly x: string;
  /** The end of the horizontal axis, unless a point lies beyond it. Default: the last point. */
  readonly xEnd?: number;
  /** What the vertical axis shows, with its unit. */
  readonly y: string;
  /** The lines, at most five; later ones are drawn over earlier ones. */
  readonly lines: readonly ChartLine[];
  /** Highlighted ranges. Default: none. */
  readonly bands?: ChartBands;
  /** The text to show if no line has a point. */
  readonly empty: string;
}

/** The size of a chart. */
export interface ChartSize {
  /** The width, in the chart's own pixels. */
  readonly width: number;
  /** The height below title and legend. */
  readonly height: number;
  /** The size of its text. */
  readonly font: number;
}

/** For a page or a slide. */
export const wideChart: ChartSize = { width: 960, height: 400, font: 14 };

/** For a phone or a column of text. */
export const narrowChart: ChartSize = { width: 400, height: 300, font: 13 };

/**
 * Draws a chart as a self-contained SVG document. It follows the reader's light or dark mode.
 *
 * @param chart what to draw
 * @param size the size. Default: that of a page
 */
export function lineChart(chart: Chart, size: ChartSize = wideChart): string {
  const { width, font } = size;
  const points = chart.lines.flatMap((line) => line.points);
  const values = points.flatMap(([, value]) => value ?? []);
  const xScale = linearScaleTo(Math.max(chart.xEnd ?? 0, ...points.map(([at]) => at)));
  const yScale = scaleFor(values);
  const [left, right] = [font * 4.6, width - font * 1.6];
  const titles = wrapped(chart.title, (right - left) / (font * 0.83));
  const subtitles = wrapped(chart.subtitle, (right - left) / (font * 0.54));
  const legendAt = font * (2.4 + 1.8 * titles.length + 1.4 * subtitles.length);
  const top = legendAt + font * 3.2;
  const bottom = top + size.height - font * 7;
  const place: Place = {
    x: (at) => left + xScale.place(at) * (right - left),
    y: (value) => bottom - yScale.place(value) * (bottom - top),
  };
  const texts = [
    ...titles.map((text, index) => label("title", left, font * (2.1 + 1.8 * index), text)),
    ...subtitles.map((text, index) => label("small", left, font * (1.9 + 1.8 * titles.length + 1.4 * index), text)),
    label("small", left, top - font, yScale.logarithmic ? `${chart.y}, each line ten times the one below` : chart.y),
    label("small middle", (left + right) / 2, bottom + font * 3.2, chart.x),
    ...(values.length === 0 ? [label("middle", (left + right) / 2, (top + bottom) / 2, chart.empty)] : []),
  ];
  const height = bottom + font * 4.2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${round(height)}" font-size="${font}" role="img" aria-label="${escaped(`${chart.title}. ${chart.subtitle}`)}">
<style>${STYLE}</style>
<rect class="page" width="${width}" height="${round(height)}"/>
${bands(chart.bands, place, top, bottom)}
${grid(xScale, yScale, place, left, right, bottom, font)}
${legend(chart, left, legendAt, font)}
${texts.join("\n")}
${chart.lines.map((line, index) => path(line, index, place)).join("\n")}
</svg>
`;
}

interface Place {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

// Okabe and Ito's colours, which colour-blind readers can tell apart.
const STYLE = `
svg { color-scheme: light dark; font-family: system-ui, sans-serif; }
.page { fill: #fff; } text { fill: #1b1b1b; } .title { font-size: 1.4em; font-weight: 600; }
.small { font-size: 0.93em; fill: #555; } .middle { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: #ddd; } .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.dashed { stroke-dasharray: 6 5; } .beneath { stroke-width: 7; stroke-opacity: 0.4; } .band { fill: #cf222e; fill-opacity: 0.18; }
.c0 { stroke: #0072b2; } .c1 { stroke: #d55e00; } .c2 { stroke: #009e73; } .c3 { stroke: #cc79a7; } .c4 { stroke: #767676; }
@media (prefers-color-scheme: dark) {
  .page { fill: #16181c; } text { fill: #eee; } .small { fill: #aaa; } .grid { stroke: #33373e; }
  .band { fill: #ff7b72; fill-opacity: 0.28; }
  .c0 { stroke: #56b4e9; } .c1 { stroke: #ff8a3d; } .c2 { stroke: #2fc79a; } .c3 { stroke: #e8a5cb; } .c4 { stroke: #9a9a9a; }
}`;

function legend({ lines, bands: marked }: Chart, left: number, at: number, font: number): string {
  let from = left;
  const entry = (mark: (x: number) => string, name: string) => {
    const x = from;
    from += font * (3.6 + 0.56 * name.length);
    return mark(x) + label("", x + font * 2.1, at, name);
  };
  const middle = round(at - font * 0.35);
  return [
    ...lines.map((line, index) =>
      entry(
        (x) =>
          `<line class="${classOf(line, index)}" x1="${round(x)}" x2="${round(x + font * 1.7)}" y1="${middle}" y2="${middle}"/>`,
        line.name,
      ),
    ),
    ...(marked && marked.ranges.length > 0
      ? [
          entry(
            (x) =>
              `<rect class="band" x="${round(x)}" y="${round(at - font * 0.85)}" width="${round(font * 1.7)}" height="${font}"/>`,
            marked.name,
          ),
        ]
      : []),
  ].join("\n");
}

function bands(marked: ChartBands | undefined, place: Place, top: number, bottom: number): string {
  const ranges = marked?.ranges ?? [];
  return ranges
    .map(([from, to]) => {
      const x = place.x(from);
      return `<rect class="band" x="${round(x)}" y="${round(top)}" width="${round(Math.max(1, place.x(to) - x))}" height="${round(bottom - top)}"/>`;
    })
    .join("");
}

function grid(
  xScale: Scale,
  yScale: Scale,
  place: Place,
  left: number,
  right: number,
  bottom: number,
  font: number,
): string {
  const horizontal = yScale.ticks.map((tick) => {
    const at = round(place.y(tick));
    const line = `<line class="grid" x1="${round(left)}" x2="${round(right)}" y1="${at}" y2="${at}"/>`;
    return line + label("small end", left - font * 0.6, place.y(tick) + font * 0.3, number(tick));
  });
  const below = xScale.ticks.map((tick) => label("small middle", place.x(tick), bottom + font * 1.5, number(tick)));
  return [...horizontal, ...below].join("\n");
}

function classOf({ dashed, beneath }: ChartLine, index: number): string {
  return `line c${index}${dashed ? " dashed" : ""}${beneath ? " beneath" : ""}`;
}

function path(line: ChartLine, index: number, place: Place): string {
  const { points } = line;
  let draws = false;
  const steps = points.map(([at, value]) => {
    const command = draws ? "L" : "M";
    draws = value !== undefined;
    return value === undefined ? "" : `${command} ${round(place.x(at))} ${round(place.y(value))}`;
  });
  const alone = points.flatMap(([at, value], position) => {
    const isAlone = points[position - 1]?.[1] === undefined && points[position + 1]?.[1] === undefined;
    return value !== undefined && isAlone
      ? [`<circle class="${classOf(line, index)}" cx="${round(place.x(at))}" cy="${round(place.y(value))}" r="2.5"/>`]
      : [];
  });
  const drawn = steps.filter((step) => step !== "").join(" ");
  if (drawn === "") return "";
  return [`<path class="${classOf(line, index)}" d="${drawn}"/>`, ...alone].join("");
}

function number(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
}
