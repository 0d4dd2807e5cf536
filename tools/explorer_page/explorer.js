"use strict";
(() => {
const settings = JSON.parse(document.getElementById("settings").textContent);
const $ = id => document.getElementById(id);

// ---- the cell: all arithmetic of this page is here ----
const sigmoid = a => 1 / (1 + Math.exp(-a));
const dot = (values, table, unit) => values.reduce((sum, value, i) => sum + value * table[i][unit], 0);

/** One step of a GRU. `how.sign`: takes, keeps, forgot; `how.reset`: before, after; `how.r`, `how.z`: a number a unit, or null. */
function gruStep(w, x, h, how) {
  const units = h.map((_, unit) => unit), sign = how.sign === "keeps" ? -1 : 1;
  const sums = (name, by) => units.map(unit => by * (x * w["W_" + name][0][unit] + dot(h, w["U_" + name], unit) + w["b_" + name][unit]));
  const aR = sums("r", 1), aZ = sums("z", sign), ownR = aR.map(sigmoid), ownZ = aZ.map(sigmoid);
  const r = units.map(unit => how.r[unit] ?? ownR[unit]), z = units.map(unit => how.z[unit] ?? ownZ[unit]);
  const product = units.map(unit => dot(h, w.U_h, unit));
  const seen = units.map(unit => r[unit] * (how.reset === "after" ? product[unit] : h[unit]));
  const aC = units.map(unit => x * w.W_h[0][unit] + (how.reset === "after" ? seen[unit] : dot(seen, w.U_h, unit)) + w.b_h[unit]);
  const c = aC.map(Math.tanh), take = z.map(value => how.sign === "takes" ? value : 1 - value);
  const kept = units.map(unit => (1 - take[unit]) * h[unit]), taken = units.map(unit => take[unit] * c[unit]);
  return {x, before: h, aR, aZ, aC, ownR, ownZ, r, z, product, seen, c, take, kept, taken, h: kept.map((value, unit) => value + taken[unit])};
}

/** All steps, from a memory of zeros. A gate is held at every step (`at` is null) or at one. */
function run(w, inputs, {sign, reset, hold, at}) {
  const free = hold.r.map(() => null), steps = [];
  let h = hold.r.map(() => 0);
  inputs.forEach((x, t) => {
    const held = at === null || at === t;
    steps.push(gruStep(w, x, h, {sign, reset, r: held ? hold.r : free, z: held ? hold.z : free}));
    h = steps[t].h;
  });
  return steps;
}

// ---- what is shown ----
const LIMIT = 4;
const state = {};
let setting, w, units, steps, timer = null, grip = null;

const minus = text => text.replace("-", "−");
const number = value => { const text = value.toFixed(3); return minus(text === "-0.000" ? "0.000" : text); };
const short = value => minus(String(Number(value.toFixed(3)) || 0));
const exact = value => minus(String(value));
const sub = unit => "₁₂₃₄₅₆₇₈₉"[unit];
const dayOf = index => { const day = new Date(setting.first + "T00:00:00Z"); day.setUTCDate(day.getUTCDate() + index); return day; };
const iso = day => day.toISOString().slice(0, 10);
const inWords = day => day.toLocaleDateString("en-GB", {day: "numeric", month: "long", year: "numeric", timeZone: "UTC"});
const shortDay = day => day.toLocaleDateString("en-GB", {day: "numeric", month: "short", timeZone: "UTC"});
const firstIndex = () => Math.round((new Date(state.date) - new Date(setting.first)) / 864e5) - setting.window + 1;
const stepName = t => `step ${t + 1} of ${steps.length}` + (setting.z ? `, ${inWords(dayOf(firstIndex() + t))}` : "");
const hidden = t => state.predict && (t > state.step || (t === state.step && !state.revealed));
const options = (select, pairs) => select.replaceChildren(...pairs.map(([value, text]) => new Option(text, value)));

function choose(id) {
  setting = settings.find(one => one.id === id) ?? settings[0];
  w = structuredClone(setting.weights);
  units = w.b_h.map((_, unit) => unit);
  Object.assign(state, {unit: 0, at: null, hold: {r: units.map(() => null), z: units.map(() => null)}});
  $("setting").value = setting.id;
  options($("unit"), units.map(unit => [unit, unit + 1]));
  $("gates").replaceChildren(...["r", "z"].flatMap(gate => units.map(unit => {
    const [pair, label, select] = ["span", "label", "select"].map(name => document.createElement(name));
    select.id = `hold-${gate}-${unit + 1}`;
    label.htmlFor = select.id;
    options(select, [["", "free"], ["0", "0"], ["1", "1"]]);
    select.addEventListener("change", () => { state.hold[gate][unit] = select.value === "" ? null : Number(select.value); compute(); });
    label.textContent = `${gate} of unit ${unit + 1}`;
    pair.className = "pair";
    pair.append(label, " ", select);
    return pair;
  })));
  for (const element of document.querySelectorAll("[data-days]")) element.hidden = !setting.z;
  if (setting.z) {
    const last = setting.z.length - 2;
    $("date").min = iso(dayOf(setting.window - 1));
    $("date").max = iso(dayOf(last));
    $("date").labels[0].textContent = `The ${setting.window} days up to`;
    options($("remarkable"), [["", "choose a remarkable day"], ...setting.remarkable.map(([day, what]) => [day, `${what}: ${inWords(new Date(day))}`])]);
    jump(setting.remarkable[0][0]);
  } else load(setting.x, setting.step);
}

/** Show the days up to a date; one that the record has not is drawn to the nearest that it has. */
function jump(date) {
  state.date = date < $("date").min ? $("date").min : date > $("date").max ? $("date").max : date;
  $("date").value = state.date;
  $("remarkable").value = setting.remarkable.some(([day]) => day === state.date) ? state.date : "";
  const start = firstIndex();
  load(setting.z.slice(start, start + setting.window).map(value => value / 1000), setting.window - 1);
}

function load(inputs, step) {
  stop();
  state.inputs = inputs;
  state.x = [...inputs];
  state.step = step;
  state.revealed = false;
  $("step").max = inputs.length;
  const chosen = state.at === null ? "" : String(Math.min(state.at, inputs.length - 1));
  options($("hold-at"), [["", "every step"], ...inputs.map((_, t) => [t, `step ${t + 1} only`])]);
  $("hold-at").value = chosen;
  compute();
}

function compute() {
  steps = run(w, state.x, {sign: state.sign, reset: state.reset, hold: state.hold, at: state.at});
  draw();
}

function go(step) {
  state.step = Math.max(0, Math.min(steps.length - 1, step));
  state.revealed = false;
  $("verdict").textContent = "";
  for (const radio of document.getElementsByName("guess")) radio.checked = false;
  draw(true);
}

function setX(value) {
  if (!Number.isFinite(value)) return;
  state.x[state.step] = Math.max(-LIMIT, Math.min(LIMIT, value));
  compute();
}

function setBias(gate, value) {
  w["b_" + gate][state.unit] = value;
  compute();
}

function play() {
  if (state.predict) return;
  if (timer !== null) { stop(); draw(); return; }
  if (state.step === steps.length - 1) go(0);
  $("words").setAttribute("aria-live", "off"); // not each step of a film
  timer = setInterval(() => {
    if (state.step + 2 >= steps.length) stop();
    go(state.step + 1);
  }, steps.length > 40 ? 200 : steps.length > 10 ? 600 : 1500);
  draw();
}

function stop() {
  clearInterval(timer);
  timer = null;
  $("words").setAttribute("aria-live", "polite");
}

// ---- drawing ----
function draw(moved = false) {
  const t = state.step, now = steps[t], secret = hidden(t);
  $("step").value = t + 1;
  $("step").setAttribute("aria-valuetext", stepName(t));
  $("step-text").textContent = stepName(t);
  const off = {first: t === 0, back: t === 0, next: t === steps.length - 1, last: t === steps.length - 1, play: state.predict};
  for (const [id, is] of Object.entries(off)) $(id).setAttribute("aria-disabled", String(is)); // `disabled` would lose the focus
  $("play").textContent = timer === null ? "Play" : "Pause";
  $("unit").value = state.unit;
  $("x-range").value = now.x;
  $("x-range").setAttribute("aria-valuetext", inputText(now.x));
  if (document.activeElement !== $("x-number") || Number($("x-number").value) !== now.x) $("x-number").value = now.x;
  $("bias-legend").textContent = `Biases of the gates of unit ${state.unit + 1}`;
  for (const gate of ["r", "z"]) {
    const bias = number(w["b_" + gate][state.unit]);
    $("b-" + gate).value = w["b_" + gate][state.unit];
    $("b-" + gate).setAttribute("aria-valuetext", bias);
    $(`b-${gate}-text`).textContent = bias;
  }
  $("guess").hidden = !state.predict;
  $("guess-legend").textContent = `What does the memory of unit ${state.unit + 1} do at ${setting.z ? "this step" : `step ${t + 1}`}? Before it, h is ${number(now.before[state.unit])}.`;
  drawCell(now, secret, moved);
  drawEquations(now, secret);
  drawForecast(t, secret);
  drawTime(moved);
  if ($("numbers").open) drawTable();
  $("words").textContent = words(t, secret);
}

function inputText(x) {
  return setting.z ? `${number(x)}, that is ${Math.abs(x * setting.std).toFixed(1)} °C ${x < 0 ? "below" : "above"} the season` : number(x);
}

function words(t, secret) {
  const now = steps[t];
  const of = unit => `Unit ${unit + 1}: reset gate r ${number(now.r[unit])}, update gate z ${number(now.z[unit])}, candidate h′ ${number(now.c[unit])}; memory h ${number(now.before[unit])} before, ${number(now.h[unit])} after.`;
  const begin = `${stepName(t)[0].toUpperCase()}${stepName(t).slice(1)}. Input x ${inputText(now.x)}. `;
  return begin + (secret ? "The rest is hidden until you ask for the answer." : units.map(of).join(" "));
}

// The cell: boxes and arrows, in one of two arrangements. An arrow may have points on its way.
const WIDE = {
  size: [840, 540], box: 116,
  at: {h: [65, 70], x: [65, 315], r: [220, 465], z: [390, 205], rh: [385, 465], c: [545, 415], kept: [630, 70], taken: [640, 265], new: [776, 165]},
  way: {},
};
const NARROW = {
  size: [345, 640], box: 98,
  at: {h: [52, 72], x: [170, 60], r: [115, 192], z: [270, 192], rh: [52, 328], c: [160, 328], kept: [270, 328], taken: [215, 462], new: [215, 590]},
  way: {"h-kept": [[52, 8], [336, 8], [336, 328]], "z-taken": [[216, 245], [216, 415]], "kept-new": [[300, 520]]},
};
const ARROWS = ["h-r", "x-r", "h-z", "x-z", "r-rh", "h-rh", "rh-c", "x-c", "h-kept", "z-kept", "z-taken", "c-taken", "kept-new", "taken-new"];

function drawCell(now, secret, moved) {
  const wide = $("cell").clientWidth >= 560, {size, box, at, way} = wide ? WIDE : NARROW, line = wide ? 18 : 16;
  const font = wide ? 15 : 13, keeps = state.sign !== "takes", show = value => secret ? "?" : number(value);
  const boxes = {
    h: ["memory", "h before", now.before.map(number), "h"], x: ["input", "x", [number(now.x)], "x"],
    r: ["reset gate", "r = σ(…)", now.r.map(show), "r"], z: ["update gate", "z = σ(…)", now.z.map(show), "z"],
    rh: ["seen", state.reset === "after" ? "r ⊙ (h U)" : "r ⊙ h", now.seen.map(show), "r"],
    c: ["candidate", "h′ = tanh(…)", now.c.map(show), "c"],
    kept: ["kept", keeps ? "z ⊙ h" : "(1 − z) ⊙ h", now.kept.map(show), "h"],
    taken: ["taken", keeps ? "(1 − z) ⊙ h′" : "z ⊙ h′", now.taken.map(show), "c"], new: ["memory", "h after", now.h.map(show), "h"],
  };
  const half = name => (line * (2 + boxes[name][2].length) + 10) / 2;
  const edge = (name, [px, py]) => { // where a line from the box's centre to a point leaves the box
    const [cx, cy] = at[name], dx = px - cx, dy = py - cy;
    const share = 1 / Math.max(Math.abs(dx) / (box / 2), Math.abs(dy) / half(name));
    return [cx + dx * share, cy + dy * share];
  };
  const u = state.unit, share = secret ? {} : {"h-kept": 1 - now.take[u], "kept-new": 1 - now.take[u], "c-taken": now.take[u], "taken-new": now.take[u], "rh-c": now.r[u]};
  let svg = "";
  for (const arrow of ARROWS) {
    const [from, to] = arrow.split("-"), between = way[arrow] ?? [];
    const points = [edge(from, between[0] ?? at[to]), ...between, edge(to, between.at(-1) ?? at[from])];
    const width = arrow in share ? 1 + 5 * share[arrow] : 1.5, q = boxes[from][3];
    const [[ax, ay], [bx, by]] = points.slice(-2), length = Math.hypot(bx - ax, by - ay), tip = 7 + width;
    const [ex, ey] = [(bx - ax) / length, (by - ay) / length], back = [bx - ex * tip, by - ey * tip];
    const path = [...points.slice(0, -1), back].map(point => point.map(v => v.toFixed(1)).join()).join(" ");
    const head = [[bx, by], [back[0] - ey * tip / 2, back[1] + ex * tip / 2], [back[0] + ey * tip / 2, back[1] - ex * tip / 2]];
    svg += `<g data-q="${q}"><polyline points="${path}" fill="none" stroke="var(--q)" stroke-width="${width.toFixed(2)}"/><polygon points="${head.map(p => p.map(v => v.toFixed(1)).join()).join(" ")}" fill="var(--q)"/></g>`;
  }
  for (const [name, [title, formula, values, q]] of Object.entries(boxes)) {
    const [cx, cy] = at[name], top = cy - half(name);
    const text = (row, content, more = "") => `<text x="${cx}" y="${top + line * (row + 1)}" text-anchor="middle" style="font-size:${font - (row < 2 ? 2 : 0)}px" ${more}>${content}</text>`;
    svg += `<g data-q="${q}" data-box="${name}"><rect x="${cx - box / 2}" y="${top}" width="${box}" height="${2 * half(name)}" rx="8" fill="var(--back)" stroke="var(--q)" stroke-width="2.5"/>`;
    svg += text(0, title) + text(1, formula, 'class="name"');
    svg += values.map((value, unit) => text(2 + unit, value, values.length > 1 && unit === u ? 'class="name" text-decoration="underline"' : "")).join("") + "</g>";
  }
  $("cell").innerHTML = `<svg viewBox="0 0 ${size.join(" ")}" role="img" aria-label="Diagram of the cell: h before and x feed the gates r and z; r weakens what the candidate h′ sees; z mixes h before and h′ into h after. A line a unit, unit ${u + 1} underlined; its gates set the widths of the arrows. The numbers stand under In words.">${svg}</svg>`;
}

const EQUATIONS = [["r", "r: reset gate"], ["z", "z: update gate"], ["c", "h′: candidate"], ["h", "h: new memory"]];

function buildEquations() {
  $("equation").innerHTML = EQUATIONS.map(([q, title]) => `<div class="equation" data-q="${q}"><button type="button" aria-pressed="false" data-light="${q}">${title}</button><div class="formula"></div><div class="filled"></div><div class="result"></div></div>`).join("");
  for (const button of $("equation").querySelectorAll("button")) button.addEventListener("click", () => light(button.dataset.light === $("app").dataset.light ? "" : button.dataset.light));
}

function light(q) {
  if (q) $("app").dataset.light = q; else delete $("app").dataset.light;
  for (const button of $("equation").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.light === q));
}

function drawEquations(now, secret) {
  const u = state.unit, s = sub(u), show = value => secret ? "?" : number(value), keeps = state.sign !== "takes";
  const product = (value, weight) => `(${value})\u2060(${exact(weight)})`; // a line may not end between the two
  const inputs = name => product(short(now.x), w["W_" + name][0][u]);
  const bias = name => ` + (${exact(w["b_" + name][u])})`;
  const gate = (name, a, free, value, negated) => {
    const sum = [inputs(name), ...units.map(i => product(short(now.before[i]), w["U_" + name][i][u]))].join(" + ") + bias(name);
    const inner = negated ? `−[${sum}]` : sum, held = value[u] !== free[u] || isHeld(name, u);
    return [`${name}${s} = σ(${negated ? "−(" : ""}x W + h U + b${negated ? ")" : ""})`, `= σ(${inner})`, held ? `${name}${s} = ${show(value[u])}, held (free it is ${show(free[u])})` : `= σ(${show(a[u])}) = ${show(value[u])}`];
  };
  const after = state.reset === "after";
  const sum = units.map(i => product(short(now.before[i]), w.U_h[i][u])).join(" + ");
  const seen = after ? `(${show(now.r[u])})[${sum}]` : units.map(i => product(secret ? "?" : short(now.seen[i]), w.U_h[i][u])).join(" + ");
  const mix = keeps ? [show(now.z[u]), `1 − ${show(now.z[u])}`] : [`1 − ${show(now.z[u])}`, show(now.z[u])];
  const lines = {
    r: gate("r", now.aR, now.ownR, now.r, false), z: gate("z", now.aZ, now.ownZ, now.z, state.sign === "keeps"),
    c: [`h′${s} = tanh(x W + ${after ? "r ⊙ (h U)" : "(r ⊙ h) U"} + b)`, `= tanh(${inputs("h")} + ${seen}${bias("h")})`, `= tanh(${show(now.aC[u])}) = ${show(now.c[u])}`],
    h: [`h${s} = ${keeps ? "z ⊙ h before + (1 − z) ⊙ h′" : "(1 − z) ⊙ h before + z ⊙ h′"}`, `= (${mix[0]})\u2060(${number(now.before[u])}) + (${mix[1]})\u2060(${show(now.c[u])})`, `= ${show(now.kept[u])} + (${show(now.taken[u])}) = ${show(now.h[u])}`],
  };
  for (const [q] of EQUATIONS) {
    const place = $("equation").querySelector(`[data-q="${q}"]`);
    ["formula", "filled", "result"].forEach((name, i) => { place.querySelector("." + name).textContent = lines[q][i]; });
  }
}

function isHeld(gate, unit) {
  return state.hold[gate][unit] !== null && (state.at === null || state.at === state.step);
}

/** Forecasts for the day after step t, in °C; the season of that day is what its record has above its departure. */
function forecast(t) {
  const next = firstIndex() + t + 1, season = setting.celsius[next] / 100 - setting.std * setting.z[next] / 1000;
  const of = h => season + setting.std * h.reduce((sum, value, unit) => sum + value * setting.out[unit], setting.bias);
  const free = units.map(() => null), asTrained = {sign: "takes", reset: "before", hold: {r: free, z: free}, at: null};
  return {
    gru: of(steps[t].h), untouched: of(run(setting.weights, state.inputs, asTrained)[t].h),
    damped: season + setting.std * setting.damped * state.x[t], truth: setting.celsius[next] / 100,
  };
}

function drawForecast(t, secret) {
  if (!setting.z) return;
  const {gru, untouched, damped, truth} = forecast(t), text = (value, places) => `${minus(value.toFixed(places))} °C`;
  const {errors} = setting, ahead = errors.damped - errors.GRU;
  const before = Math.abs(gru - untouched) > 0.005 ? ` (without your changes ${text(untouched, 2)})` : "";
  $("forecast").dataset.v = gru;
  $("forecast").textContent = secret
    ? "The forecast for the day after is hidden, too."
    : `For the day after, ${inWords(dayOf(firstIndex() + t + 1))}, the network says ${text(gru, 2)}${before}. The damped anomaly, the simple method that takes a share of today's departure, says ${text(damped, 2)}. It was ${text(truth, 2)}. ` +
      `Over all days of ${setting.years}, the network's error (RMSE) is ${text(errors.GRU, 3)}, that of the damped anomaly ${text(errors.damped, 3)}, of "tomorrow = today" ${text(errors.persistence, 3)}: ` +
      `the network is ${text(Math.abs(ahead), 3)} ${ahead < 0 ? "behind" : "ahead of"} the simple method.`;
}

// The timeline: five strips above each other; the colour says what, the line's dashes say which unit.
const DASHES = ["", "6 3", "2 3", "9 3 2 3"];
const STRIPS = [["x", "x", 84], ["r", "r", 62], ["z", "z", 62], ["c", "h′", 72], ["h", "h", 72]];
const GAP = 18;
let geometry;

function drawTime(moved) {
  const width = Math.max(280, $("time").clientWidth), left = 58, right = 8, n = steps.length, pitch = (width - left - right) / n;
  const largest = Math.max(...state.x.map(Math.abs), ...state.inputs.map(Math.abs)), range = largest > 2 ? LIMIT : 2;
  const px = t => left + pitch * (t + 0.5), now = state.step;
  let y = 6, svg = "";
  const height = STRIPS.reduce((sum, [, , tall]) => sum + tall + GAP, 6) + 22;
  svg += `<rect x="${left + pitch * now}" y="0" width="${pitch}" height="${height - 20}" fill="var(--now)" stroke="var(--line)"/>`;
  for (const [q, name, tall] of STRIPS) {
    const [low, high] = q === "x" ? [-range, range] : q === "r" || q === "z" ? [0, 1] : [-1, 1];
    const py = (top => value => top + tall * (high - value) / (high - low))(y);
    svg += `<g data-q="${q}"><text x="4" y="${y + tall / 2 + 5}" class="name" style="font-size:15px">${name}</text>`;
    for (const tick of q === "r" || q === "z" ? [0, 1] : [low, 0, high]) svg += `<line x1="${left}" x2="${width - right}" y1="${py(tick)}" y2="${py(tick)}" stroke="var(--grid)"/><text class="soft" x="${left - 6}" y="${py(tick) + 4}" text-anchor="end">${exact(tick)}</text>`;
    const lines = q === "x" ? [state.x] : units.map(unit => steps.map(step => step[q][unit]));
    lines.forEach((values, line) => {
      const shown = values.map((value, t) => [px(t), py(value), t]).filter(([, , t]) => q === "x" ? !state.predict || t <= now : !hidden(t));
      const chosen = line === state.unit && units.length > 1;
      if (q === "x") svg += shown.map(([cx, cy, t]) => `<line x1="${cx}" x2="${cx}" y1="${py(0)}" y2="${cy}" stroke="var(--q)" stroke-width="${Math.max(2, Math.min(5, pitch * 0.5))}" ${state.x[t] === state.inputs[t] ? "" : 'stroke-dasharray="3 2"'}/><circle class="dot" data-t="${t}" cx="${cx}" cy="${cy}" r="${Math.min(14, Math.max(8, pitch / 2))}" fill="transparent" style="touch-action:none"/><circle cx="${cx}" cy="${cy}" r="${Math.min(4, 1 + 0.3 * pitch)}" fill="var(--q)" pointer-events="none" ${moved && t === now ? 'class="pulse"' : ""}/>`).join("");
      else {
        svg += `<polyline points="${shown.map(([cx, cy]) => `${cx.toFixed(1)},${cy.toFixed(1)}`).join(" ")}" fill="none" stroke="var(--q)" stroke-width="${chosen ? 3 : 1.6}" stroke-dasharray="${DASHES[line % 4]}"/>`;
        svg += shown.filter(([, , t]) => t === now || n <= 10).map(([cx, cy, t]) => `<circle cx="${cx}" cy="${cy}" r="${chosen ? 4.5 : 3}" fill="${t === now ? "var(--q)" : "var(--back)"}" stroke="var(--q)" stroke-width="1.5" ${moved && t === now ? 'class="pulse"' : ""}/>`).join("");
      }
    });
    if (q === "x") geometry = {left, pitch, width, height, value: at => high - (at - 6) / tall * (high - low)};
    svg += "</g>";
    y += tall + GAP;
  }
  const label = t => setting.z ? shortDay(dayOf(firstIndex() + t)) : `step ${t + 1}`;
  const labelled = n <= 10 ? [...steps.keys()] : [...new Set([0, now, n - 1])].filter(t => t === now || Math.abs(px(t) - px(now)) > 70);
  svg += labelled.map(t => `<text class="${t === now ? "name" : "soft"}" x="${Math.min(width - 26, Math.max(left, px(t)))}" y="${height - 5}" text-anchor="middle">${label(t)}</text>`).join("");
  const what = `${n} steps; the table below has all numbers`;
  $("time").innerHTML = `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Timeline of input x, reset gate r, update gate z, candidate h′ and memory h. ${what}.">${svg}</svg>`;
  $("key").innerHTML = "Click a step to go there, drag a point of x to change it. " + units.map(unit => `<span class="nowrap"><svg viewBox="0 0 36 8" style="display:inline-block;width:36px;height:8px" aria-hidden="true"><line x1="0" x2="36" y1="4" y2="4" stroke="var(--text)" stroke-width="${unit === state.unit && units.length > 1 ? 3 : 1.6}" stroke-dasharray="${DASHES[unit % 4]}"/></svg> unit ${unit + 1}</span>`).join(" ") + (setting.z ? `. x is the temperature's departure from the season; 1 is ${setting.std.toFixed(1)} °C.` : "");
}

function drawTable() {
  const cell = (value, t, open) => open || !hidden(t) ? `<td data-v="${value}">${number(value)}</td>` : "<td>?</td>";
  const rows = steps.flatMap((step, t) => units.map(unit => {
    const name = (setting.z ? shortDay(dayOf(firstIndex() + t)) : `step ${t + 1}`) + `, unit ${unit + 1}`;
    const x = state.predict && t > state.step ? "<td>?</td>" : cell(step.x, t, true);
    return `<tr ${t === state.step ? 'aria-current="step"' : ""}><th scope="row">${name}</th>${x}${["r", "z", "c", "h"].map(q => cell(step[q][unit], t)).join("")}</tr>`;
  }));
  $("table").innerHTML = `<caption>x is the input, r the reset gate, z the update gate, h′ the candidate, h the memory after the step.</caption><thead><tr><th scope="col">where</th><th scope="col">x</th><th scope="col">r</th><th scope="col">z</th><th scope="col">h′</th><th scope="col">h</th></tr></thead><tbody>${rows.join("")}</tbody>`;
}

function answer() {
  const {before, h, z, c} = steps[state.step], u = state.unit, change = h[u] - before[u];
  const truth = Math.abs(change) <= 0.05 ? "stays" : change > 0 ? "rises" : "falls";
  const said = [...document.getElementsByName("guess")].find(radio => radio.checked)?.value;
  state.revealed = true;
  const names = {rises: "it rises", stays: "it stays, to within 0.05", falls: "it falls"};
  const verdict = said === undefined ? "" : said === truth ? " So you said: right." : ` You said: ${names[said]}.`;
  $("verdict").textContent = `Unit ${u + 1}: h goes from ${number(before[u])} to ${number(h[u])}, ${names[truth]}.${verdict} Its z is ${number(z[u])}, its candidate ${number(c[u])}.`;
  draw();
}

// ---- controls ----
const on = (id, event, act) => $(id).addEventListener(event, act);
options($("setting"), settings.map(one => [one.id, one.name]));
on("setting", "change", () => choose($("setting").value));
on("date", "change", () => $("date").value && jump($("date").value));
on("remarkable", "change", () => $("remarkable").value && jump($("remarkable").value));
const byHand = act => () => { stop(); act(); };
on("first", "click", byHand(() => go(0)));
on("back", "click", byHand(() => go(state.step - 1)));
on("next", "click", byHand(() => go(state.step + 1)));
on("last", "click", byHand(() => go(steps.length - 1)));
on("step", "input", byHand(() => go(Number($("step").value) - 1)));
on("play", "click", play);
on("predict", "change", byHand(() => { state.predict = $("predict").checked; go(state.step); }));
on("answer", "click", answer);
on("unit", "change", () => { state.unit = Number($("unit").value); draw(); });
on("x-range", "input", () => setX(Number($("x-range").value)));
on("x-number", "input", () => $("x-number").value !== "" && setX(Number($("x-number").value)));
on("x-reset", "click", () => { state.x = [...state.inputs]; compute(); });
for (const gate of ["r", "z"]) on("b-" + gate, "input", () => setBias(gate, Number($("b-" + gate).value)));
on("b-reset", "click", () => { w = structuredClone(setting.weights); compute(); });
on("hold-at", "change", () => { state.at = $("hold-at").value === "" ? null : Number($("hold-at").value); compute(); });
on("free", "click", () => {
  for (const select of $("gates").querySelectorAll("select")) select.value = "";
  for (const gate of ["r", "z"]) state.hold[gate].fill(null);
  compute();
});
for (const name of ["sign", "reset"]) for (const radio of document.getElementsByName(name)) radio.addEventListener("change", () => { state[name] = radio.value; compute(); });
on("numbers", "toggle", () => $("numbers").open && drawTable());

const place = event => {
  const box = $("time").firstChild.getBoundingClientRect(), scale = geometry.width / box.width;
  return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
};
on("time", "pointerdown", event => {
  const step = Math.floor((place(event)[0] - geometry.left) / geometry.pitch);
  if (step < 0 || step >= steps.length || event.button !== 0) return;
  const grips = event.target.dataset?.t !== undefined;
  stop();
  go(step);
  grip = grips ? {y: event.clientY, moves: false} : null;
  if (grips) { $("time").setPointerCapture(event.pointerId); event.preventDefault(); }
});
on("time", "pointermove", event => {
  if (!grip) return;
  grip.moves ||= Math.abs(event.clientY - grip.y) > 3; // a click may tremble
  if (grip.moves) setX(Math.round(100 * geometry.value(place(event)[1])) / 100);
});
for (const end of ["pointerup", "pointercancel"]) on("time", end, () => { grip = null; });
on("cell", "click", event => { // what the buttons beside the equations do, too
  const q = event.target.closest("[data-box]")?.dataset.q;
  light(!q || q === $("app").dataset.light ? "" : q);
});
addEventListener("resize", () => draw());

Object.assign(state, {sign: "takes", reset: "before", predict: false});
for (const radio of document.querySelectorAll("input[type=radio]")) radio.checked = radio.defaultChecked; // not what a reload has kept
$("predict").checked = false;
$("app").hidden = false;
buildEquations();
choose(document.documentElement.dataset.setting ?? location.hash.slice(1));

// In a notebook the page is a frame: it is as high as what it holds, so that there is only one thing to scroll.
const frame = window.frameElement;
if (frame) new ResizeObserver(() => {
  const {height} = document.body.getBoundingClientRect();
  if (height > 0) frame.style.height = `${Math.ceil(height) + 4}px`; // 0: it is hidden
}).observe(document.body);
})();
