// Opens rows, narrows them down and copies curl lines. Text from the wire only ever becomes text: textContent, never markup.
(() => {
  "use strict";
  const store = document.getElementById("photo-conformance-data");
  const form = document.getElementById("narrow");
  if (!store || !form) return;
  // pytest-html copies this template for each row. Two columns are hidden, so an opened row spans two less; and a film
  // player in each row, never used here, would cost a second and more.
  const opening = document.getElementById("template_results-table__tbody")?.content.querySelector("td.extra");
  if (opening) {
    opening.colSpan -= 2;
    opening.querySelector(".media")?.replaceChildren();
  }
  const data = JSON.parse(store.textContent);
  const text = (index) => data.strings[index] || "";
  const opened = new Set();
  let room = 150; // rows laid out at once; the others follow when the browser has nothing else to do

  const make = (name, content, className) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    for (const each of [].concat(content ?? [])) made.append(each);
    return made;
  };
  const terms = (pairs) => make("dl", pairs.filter(([, value]) => value).map(
    ([name, value]) => make("div", [make("dt", name), make("dd", value)])), "finding");
  const headers = (indices) => {
    let lines = "";
    for (let at = 0; at < indices.length; at += 2) lines += `\n${text(indices[at])}: ${text(indices[at + 1])}`;
    return lines;
  };
  const linkTo = (requirement) => {
    const link = make("a", make("code", requirement));
    link.href = `#rows?text=${encodeURIComponent(requirement)}`;
    return link;
  };

  const exchange = (index, first) => {
    const [request, sent, answer, got, about, body, curl, waited, photo, askedAs] = data.exchanges[index];
    const made = make("details", make("summary", `${text(request)} (${text(askedAs)}) → ${text(answer)}`), "exchange");
    made.open = first;
    let shown = `${text(request)}${headers(sent)}\n\n${text(answer)}${headers(got)}`;
    if (text(body)) shown += `\n\n${text(body)}`;
    const whole = make("pre", shown);
    whole.tabIndex = 0;
    made.append(whole);
    if (text(about)) made.append(make("p", `Body: ${text(about)}`));
    if (waited) made.append(make("p", `Asked again after ${waited} answers 429 or 503.`));
    if (/^data:image\/(jpeg|png|gif|webp);base64,/.test(text(photo))) {
      const image = make("img", null, "photo");
      image.src = text(photo);
      image.alt = "the photo that was answered";
      made.append(image);
    }
    if (text(curl)) {
      const button = make("button", "Copy", "copy");
      button.type = "button";
      made.append(make("p", [make("code", text(curl)), button], "curl"));
    }
    return made;
  };

  const verdict = ([outcome, name, findings, reason, blockedBy, exchanges, asked], rank) => {
    const word = text(outcome);
    const made = make("section", make("p", [make("b", word, `o-${word}`), " ", make("code", text(name))]), `verdict o-${word}`);
    for (const [at, wanted, got] of findings) {
      made.append(terms([["at", make("code", text(at))], ["wanted", text(wanted)], ["got", text(got)]]));
    }
    if (text(reason)) made.append(make("p", text(reason)));
    if (text(blockedBy)) made.append(make("p", ["Blocked by ", linkTo(text(blockedBy)), "."]));
    exchanges.forEach((index, place) => made.append(exchange(index, rank + place === 0)));
    if (exchanges.length < asked) made.append(make("p", `${asked - exchanges.length} more exchanges are in exchanges.har.`));
    return made;
  };

  const fill = (body) => {
    const place = body.querySelector(".extraHTML");
    const row = data.rows[body.id];
    if (!place || !row || place.childElementCount) return;
    const [verdicts, more, hindered] = row;
    if (hindered.length) {
      place.append(make("p", ["Keeps from being judged: ", ...hindered.flatMap(
        ([name, count]) => [linkTo(text(name)), ` (${count}) `])]));
    }
    place.append(...verdicts.map(verdict));
    if (more) place.append(make("p", `${more} more verdicts are in verdicts.json.`));
  };

  const show = (body, open) => {
    const row = body.querySelector(".extras-row");
    const button = body.querySelector(".col-links button");
    if (!row || !button) return;
    if (open) fill(body);
    row.classList.toggle("hidden", !open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Close" : "Open";
    button.setAttribute("aria-label", `${button.textContent} ${body.id}`);
    if (open) opened.add(body.id); else opened.delete(body.id);
  };
  const bodies = () => [...document.querySelectorAll("#results-table > tbody")];

  const narrow = () => {
    const asked = Object.fromEntries(new FormData(form));
    const words = asked.text.trim().toLowerCase();
    let seen = 0;
    const all = bodies();
    for (const body of all) {
      const at = body.id.indexOf(":");
      const word = body.querySelector(".col-verdict b")?.className.slice(2) ?? "";
      const hides = (asked.verdict && word !== asked.verdict)
        || (asked.chapter && body.id.slice(0, at).split(".")[0] !== asked.chapter)
        || (asked.variant && body.id.slice(at + 1).split(".")[0] !== asked.variant)
        || (words && !body.querySelector(".collapsible")?.textContent.toLowerCase().includes(words));
      body.hidden = Boolean(hides);
      if (!hides) seen += 1;
      body.classList.toggle("later", !hides && seen > room);
    }
    form.querySelector("output").textContent = `${seen} of ${all.length} rows`;
  };

  const whole = () => {
    room = Infinity;
    for (const body of bodies()) body.classList.remove("later");
  };
  const more = () => {
    const later = document.querySelectorAll("#results-table > tbody.later");
    room += 200;
    [...later].slice(0, 200).forEach((body) => body.classList.remove("later"));
    if (later.length) idle(more); else room = Infinity;
  };
  const idle = window.requestIdleCallback ?? ((task) => setTimeout(task, 50));

  const follow = () => {
    const aim = decodeURIComponent(location.hash.slice(1));
    if (aim.startsWith("rows?")) {
      const asked = new URLSearchParams(location.hash.slice(6));
      for (const name of ["verdict", "chapter", "variant", "text"]) form.elements[name].value = asked.get(name) ?? "";
      narrow();
      const heading = document.getElementById("rows");
      heading.scrollIntoView();
      heading.focus({preventScroll: true});
      const seen = bodies().filter((body) => !body.hidden);
      if (seen.length === 1) show(seen[0], true);
      return;
    }
    const body = aim ? bodies().find((each) => each.id === aim) : null;
    if (!body) return;
    if (body.hidden) { form.reset(); narrow(); }
    whole();
    document.querySelector("#results-table > tbody.aimed")?.classList.remove("aimed");
    body.classList.add("aimed");
    show(body, true);
    body.scrollIntoView();
    body.querySelector(".col-links button")?.focus({preventScroll: true});
  };

  const copy = async (button) => {
    const code = button.parentNode.querySelector("code");
    let copied = false;
    try {
      await navigator.clipboard.writeText(code.textContent);
      copied = true;
    } catch {
      getSelection().selectAllChildren(code);
      copied = document.execCommand("copy");
    }
    button.textContent = copied ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };

  // pytest-html draws its whole table anew for every click; rows are opened here instead, before it sees the click.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) { event.stopPropagation(); copy(button); return; }
    if (event.target.id === "show_all_details" || event.target.id === "hide_all_details") {
      event.stopPropagation();
      bodies().filter((body) => !body.hidden).forEach((body) => show(body, event.target.id === "show_all_details"));
      return;
    }
    const row = event.target.closest("#results-table tr.collapsible");
    if (!row) return;
    event.stopPropagation();
    if (event.target.closest("a")) return;
    if (!event.target.closest("button") && String(getSelection())) return;
    show(row.parentNode, row.querySelector(".col-links button")?.getAttribute("aria-expanded") !== "true");
  }, true);

  const settle = () => {
    for (const body of bodies()) show(body, opened.has(body.id));
    narrow();
  };
  const head = () => {
    for (const each of document.querySelectorAll("#results-table th.sortable")) {
      each.tabIndex = 0;
      each.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); each.click(); }
      });
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    form.hidden = false;
    for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
    for (const box of document.querySelectorAll(".filters input")) box.setAttribute("aria-label", `pytest: ${box.dataset.testResult}`);
    form.addEventListener("input", narrow);
    form.addEventListener("reset", () => setTimeout(narrow));
    form.addEventListener("submit", (event) => event.preventDefault());
    head();
    settle();
    new MutationObserver((changes) => {
      if (changes.some((change) => [...change.addedNodes].some((node) => node.id === "results-table"))) settle();
    }).observe(document.body, {childList: true});
    addEventListener("hashchange", follow);
    follow();
    idle(more);
  });

  let unfolded = [];
  addEventListener("beforeprint", () => {
    whole();
    unfolded = [...document.querySelectorAll(".cause details.exchange:not([open])")];
    for (const each of unfolded) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of unfolded) each.open = false; });
})();
