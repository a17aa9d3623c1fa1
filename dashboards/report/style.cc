#include "dashboards/report/style.h"

#include <array>
#include <string_view>
#include <utility>

namespace tutti::report {
namespace {

struct Color {
  const char* name;
  const char* light;
  const char* dark;
};

// c0 … c7 after Okabe and Ito (2008), which people with every kind of colour vision tell apart,
// lightened for dark pages and without its yellow, which is too pale on white.
constexpr std::array<Color, 19> kPalette{{
    {"c0", "#0072b2", "#56a8e8"}, {"c1", "#d55e00", "#ff8c42"}, {"c2", "#009e73", "#34c99a"},
    {"c3", "#aa4499", "#e08fd0"}, {"c4", "#b8860b", "#f0c350"}, {"c5", "#3aa5d8", "#9bdcff"},
    {"c6", "#5b4b9e", "#a99bf0"}, {"c7", "#6b6b6b", "#c4c4c4"}, {"cm", "#a9b1bb", "#5d6671"},
    {"page", "#f6f7f9", "#12151a"}, {"card", "#ffffff", "#1b2027"}, {"ink", "#1a1f26", "#e8ebef"},
    {"soft", "#5a6470", "#9da8b5"}, {"rule", "#e3e7ec", "#2c343e"}, {"axis", "#9aa4b0", "#5f6b78"},
    {"plate", "#eef1f4", "#242b34"}, {"on", "#ffffff", "#0d1117"}, {"mark", "#eaf4fb", "#16293a"},
    {"code", "#f3f5f7", "#151a20"},
}};

// What charts look like; $name stands for a colour.
constexpr std::string_view kChartRules = R"css(
.chart{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.chart text{fill:$ink}
.chart .t{font-size:11px;fill:$soft;font-variant-numeric:tabular-nums}
.chart .tiny{font-size:8.5px}
.chart .l{font-size:12px}
.chart .strong{font-weight:600}
.chart .cell{font-weight:500}
.chart .on{fill:$on}
.chart .grid{stroke:$rule;stroke-width:1}
.chart .tick,.chart .axis{stroke:$axis;stroke-width:1}
.chart .faint{fill-opacity:.3}
.chart .diagonal{stroke:$soft;stroke-width:1.2;stroke-dasharray:4 4}
.chart .line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.chart .line.cm{stroke-width:1.2;stroke-opacity:.75}
.chart .bold{stroke-width:2.8}
.chart .dash{stroke-dasharray:5 4}
.chart .dot{stroke:$card;stroke-width:1.2}
.chart .open{fill-opacity:.85}
.chart .band{fill-opacity:.2;stroke:none}
.chart .hit{fill:transparent}
.chart .right{fill:$c0}
.chart .wrong{fill:$c1}
.chart .plate{fill:$plate}
.chart .frame{fill:none;stroke:$rule;stroke-width:1}
.chart .bad{stroke:$c1;stroke-width:2.5}
)css";

constexpr std::string_view kPageRules = R"css(
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:52px;-webkit-text-size-adjust:100%}
body{margin:0;background:$page;color:$ink;font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,main,footer{max-width:1240px;margin:0 auto;padding:0 20px}
header{padding-top:30px}
h1{font-size:28px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:20px;margin:38px 0 12px;letter-spacing:-.01em}
h3{font-size:14px;font-weight:600;margin:0 0 8px}
p{margin:0 0 10px}
.sub{color:$soft;white-space:pre-line}
.lead{font-size:17px;line-height:1.5;background:$card;border:1px solid $rule;border-left:4px solid $c0;border-radius:10px;padding:14px 18px;margin:18px 0 0}
.muted{color:$soft;font-size:13.5px}
b,.lead b{font-weight:650;font-variant-numeric:tabular-nums}
nav{position:sticky;top:0;z-index:2;background:$page;border-bottom:1px solid $rule;margin-top:22px}
nav div{max-width:1240px;margin:0 auto;padding:9px 20px;display:flex;gap:18px;overflow-x:auto;scrollbar-width:none}
nav a{color:$soft;text-decoration:none;white-space:nowrap;font-size:14px}
nav a:hover,nav a:focus{color:$ink}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:16px;margin:0 0 16px}
.card{background:$card;border:1px solid $rule;border-radius:10px;padding:14px 16px;min-width:0;margin:0}
.grid.three{grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr))}
.grid.three .chart .t{font-size:12.5px}
.grid.three .chart .l{font-size:13.5px}
.card.wide{grid-column:1/-1}
.card.wide .chart{max-width:900px;margin:0 auto}
.card figcaption{font-size:14px;font-weight:600;margin-bottom:8px}
.scroll{overflow-x:auto}
.chart{display:block;width:100%;height:auto}
.note{color:$soft;font-size:12.5px;margin:8px 0 0}
.table{background:$card;border:1px solid $rule;border-radius:10px;margin:0 0 16px;padding:12px 0 4px}
.table.narrow{max-width:600px}
.table h3{padding:0 16px}
.table .scroll{max-height:560px;overflow:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid $rule;vertical-align:top}
th:first-child,td:first-child{padding-left:16px}
th:last-child,td:last-child{padding-right:16px}
th{position:sticky;top:0;background:$card;color:$soft;font-weight:600;white-space:nowrap;font-size:12.5px}
th button{all:unset;cursor:pointer}
th button:focus-visible{outline:2px solid $c0;outline-offset:2px}
th[aria-sort=ascending] button::after{content:" ▲"}
th[aria-sort=descending] button::after{content:" ▼"}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.w{overflow-wrap:anywhere;min-width:13em}
tr.top td{background:$mark}
tbody tr:last-child td{border-bottom:none}
details{background:$card;border:1px solid $rule;border-radius:10px;margin:0 0 16px;padding:0}
details .table{border:none;margin:0}
summary{cursor:pointer;padding:12px 16px;font-weight:600;font-size:14px}
pre{margin:0;padding:14px 16px;overflow:auto;max-height:520px;background:$code;border-radius:0 0 10px 10px;font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
footer{color:$soft;font-size:13px;padding-top:26px;padding-bottom:44px}
@media (max-width:600px){header,main,footer{padding-left:12px;padding-right:12px}nav div{padding-left:12px}h1{font-size:23px}.lead{font-size:15.5px;padding:12px 14px}.card{padding:10px 10px}th,td{padding:6px 8px}.chart .t{font-size:12.5px}.chart .l{font-size:13.5px}.chart .tiny{font-size:8.5px}}
@media print{nav{display:none}body{background:#fff}.card,.table,details{break-inside:avoid}.table .scroll,pre{max-height:none;overflow:visible}th{position:static}}
)css";

// Series classes: lines take the colour as stroke, dots and bars as fill.
std::string SeriesRules() {
  std::string rules;
  for (const Color& color : kPalette) {
    const std::string name = color.name;
    if (name.size() != 2 || name[0] != 'c') continue;
    rules += ".chart .line." + name + "{stroke:$" + name + "}\n.chart .dot." + name +
             ",.chart .bar." + name + ",.chart .band." + name + "{fill:$" + name + "}\n";
  }
  return rules;
}

bool IsNameCharacter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Replaces $name by var(--name), or by the light colour itself.
std::string Paint(std::string_view rules, bool literal) {
  std::string out;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i] != '$') {
      out += rules[i];
      continue;
    }
    std::size_t end = i + 1;
    while (end < rules.size() && IsNameCharacter(rules[end])) ++end;
    const std::string_view name = rules.substr(i + 1, end - i - 1);
    std::string value = "var(--" + std::string(name) + ")";
    for (const Color& color : kPalette) {
      if (literal && name == color.name) value = color.light;
    }
    out += value;
    i = end - 1;
  }
  return out;
}

std::string Variables() {
  std::string light = ":root{color-scheme:light dark;";
  std::string dark = "@media (prefers-color-scheme:dark){:root{";
  for (const Color& color : kPalette) {
    light += "--" + std::string(color.name) + ":" + color.light + ";";
    dark += "--" + std::string(color.name) + ":" + color.dark + ";";
  }
  return light + "}\n@media screen{" + dark + "}}}\n";
}

}  // namespace

const std::string& PageStyle() {
  static const std::string style =
      Variables() + Paint(kPageRules, false) +
      Paint(std::string(kChartRules) + SeriesRules(), false);
  return style;
}

const std::string& ChartStyle() {
  static const std::string style = Paint(std::string(kChartRules) + SeriesRules(), true);
  return style;
}

const std::string& PageScript() {
  static const std::string script = R"js(
for (const head of document.querySelectorAll('th button')) head.addEventListener('click', () => {
  const th = head.parentNode, body = th.closest('table').tBodies[0];
  const column = [...th.parentNode.children].indexOf(th);
  const up = th.getAttribute('aria-sort') !== 'ascending';
  const key = row => {
    const cell = row.cells[column], value = cell.dataset.v;
    return value === undefined ? cell.textContent : Number(value);
  };
  const compare = (a, b) => {
    const x = key(a), y = key(b);
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
    const order = typeof x === 'number' ? x - y : x.localeCompare(y, undefined, {numeric: true});
    return up ? order : -order;
  };
  for (const other of th.parentNode.children) other.removeAttribute('aria-sort');
  th.setAttribute('aria-sort', up ? 'ascending' : 'descending');
  body.append(...[...body.rows].sort(compare));
});
)js";
  return script;
}

std::string StandaloneSvg(const std::string& svg) {
  const std::size_t end = svg.find('>');
  if (end == std::string::npos) return svg;
  return svg.substr(0, end + 1) + "<style>" + ChartStyle() +
         "</style><rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>" + svg.substr(end + 1);
}

}  // namespace tutti::report
