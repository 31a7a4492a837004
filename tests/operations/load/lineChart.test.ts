import { expect } from "chai";
import { scaleFor } from "../../../operations/load/chartScale.ts";
import { lineChart, narrowChart, type ChartLine } from "../../../operations/load/lineChart.ts";

const chart = {
  title: "Latency of <b>",
  subtitle: "100/s",
  x: "seconds",
  y: "milliseconds",
  empty: "nothing came back",
};

describe("a chart", () => {
  it("has a line for each series, ticks at round numbers, and no external resources", () => {
    const svg = lineChart({
      ...chart,
      lines: [
        {
          name: "p50",
          points: [
            [0, 1],
            [1, 2.5],
            [2, 2],
          ],
        },
        {
          name: "bound",
          dashed: true,
          points: [
            [0, 3],
            [2, 3],
          ],
        },
        { name: "single", points: [[1, 1]] },
      ],
    });
    expect(svg.match(/<path /g)).to.have.length(3);
    for (const tick of ["0", "0.5", "1.5", "2", "3"]) expect(svg).to.include(`>${tick}</text>`);
    expect(svg.replace("http://www.w3.org/2000/svg", "")).to.not.match(/https?:|<script|@import|url\(/);
    expect(svg).to.include("prefers-color-scheme: dark");
  });

  it("escapes outside text, and can be drawn without any points", () => {
    const svg = lineChart({ ...chart, title: 'a<script>"\u001b', lines: [{ name: "none", points: [] }] });
    expect(svg)
      .to.include("a&#60;script&#62;&#34;\\u001b")
      .and.not.include("<script")
      .and.not.match(/NaN|Infinity/);
  });

  const line = (...values: (number | undefined)[]): ChartLine => ({
    name: "p99",
    points: values.map((value, index) => [index, value] as const),
  });
  const pathOf = (svg: string) => /<path [^>]*d="([^"]*)"/.exec(svg)?.[1];

  it("leaves a gap for a missing value, and shows an isolated value as a point", () => {
    const svg = lineChart({ ...chart, lines: [line(1, 2, undefined, 3, undefined, 4, 5)] });
    expect(pathOf(svg)?.replace(/[\d. ]/g, "")).to.equal("MLMML");
    expect(svg.match(/<circle/g)).to.have.length(1);
  });

  it("extends to the requested end even with one point or none, and says if there are none", () => {
    const single = lineChart({ ...chart, xEnd: 10, lines: [line(3)] });
    expect(single).to.include(">10</text>").and.not.include("nothing came back");
    const none = lineChart({ ...chart, xEnd: 10, lines: [line(undefined)] });
    expect(none).to.include(">10</text>").and.include("nothing came back");
    for (const svg of [single, none]) expect(svg).to.not.match(/0\.0000|NaN|Infinity|\de-\d/);
  });

  it("ends with the test, not with the next round number", () => {
    const svg = lineChart({ ...chart, xEnd: 11.8, lines: [line(3)] }, { width: 1000, height: 300, font: 10 });
    expect(svg).to.include(">10</text>").and.not.include(">12</text>");
    const [, end] = /<line class="grid" x1="[\d.]+" x2="([\d.]+)"/.exec(svg)!;
    const ten = /<text [^>]*x="([\d.]+)"[^>]*>10<\/text>/.exec(svg)![1];
    // 46 is where the axis begins.
    expect((Number(ten) - 46) / (Number(end) - 46)).to.be.closeTo(10 / 11.8, 0.001);
  });

  it("shows a wide line beneath another one that runs along it, without the page's own class", () => {
    const svg = lineChart({ ...chart, lines: [{ ...line(3, 4), beneath: true }, line(3, 4)] });
    expect(svg).to.include(`<path class="line c0 beneath"`).and.include(`<path class="line c1"`);
    expect(svg.indexOf("c0 beneath")).to.be.lessThan(svg.indexOf(`<path class="line c1"`));
    expect(svg)
      .to.match(/\.beneath \{ stroke-width: \d+;/)
      .and.not.include(".wide");
  });

  it("highlights ranges and names them in the legend, if there are any", () => {
    const marked = lineChart({ ...chart, lines: [line(1, 2)], bands: { name: "errors", ranges: [[0, 1]] } });
    expect(marked).to.include(">errors</text>");
    expect(marked.match(/class="band"/g)).to.have.length(2);
    expect(lineChart({ ...chart, lines: [line(1, 2)], bands: { name: "errors", ranges: [] } })).to.not.include(
      "errors",
    );
  });

  it("switches to a logarithmic scale, and says so, if one huge value would flatten the others", () => {
    const usual = lineChart({ ...chart, lines: [line(3, 9, 12)] });
    const outlier = lineChart({ ...chart, lines: [line(3, 9, 30_000, 12, 9)] });
    expect(usual).to.not.include("ten times");
    expect(outlier).to.include("milliseconds, each line ten times the one below").and.include(">100,000</text>");
    const { place } = scaleFor([3, 9, 30_000, 12, 9]);
    expect(place(9) - place(3)).to.be.greaterThan(0.05);
    expect([place(0), place(100_000)]).to.deep.equal([0, 1]);
  });

  it("wraps a long title at spaces or within a long name", () => {
    const name = "endpoint-with-a-name-of-sixty-three-characters-as-sagemaker-allows";
    const svg = lineChart({ ...chart, title: `Latency of ${name} in eu-central-1`, lines: [] }, narrowChart);
    const titles = [...svg.matchAll(/<text class="title"[^>]*>([^<]*)</g)].map(([, text]) => text!);
    expect(titles.join("").replaceAll(" ", "")).to.equal(`Latencyof${name}ineu-central-1`);
    expect(titles.length).to.be.within(3, 5);
    expect(Math.max(...titles.map(({ length }) => length))).to.be.lessThan(32);
  });
});
