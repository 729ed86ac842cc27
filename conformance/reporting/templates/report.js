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
  const PAGE = 100; // rows shown at once, so that the keyboard and the printer have few of them
  let room = PAGE;

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
  const link = (href, content) => {
    const made = make("a", content);
    made.href = href;
    return made;
  };
  const linkTo = (requirement) => link(`#rows?text=${encodeURIComponent(requirement)}`, make("code", requirement));

  // A landmark for everything that is not the footer, and a way past the table for the keyboard.
  const outline = () => {
    const main = make("main");
    main.id = "main";
    const footer = document.querySelector("footer");
    for (const each of [document.getElementById("title"), document.querySelector(".summary"), document.getElementById("results-table")]) main.append(each);
    document.body.prepend(main);
    const ids = ["causes", "rows", "end"].filter((id) => id === "end" || document.getElementById(id));
    const skip = make("nav", ids.map((id) => link(`#${id}`, `Skip to the ${id}`)), "skip");
    skip.setAttribute("aria-label", "Skip");
    main.before(skip);
    const made = document.querySelector("body > p");
    if (made) footer.prepend(made);
    footer.id = "end";
    footer.tabIndex = -1;
    main.append(make("p", [button("more", `Show ${PAGE} more rows`), " ", button("all", "Show all rows")], "paging"));
    form.after(make("p", [button("open", "Open the rows shown"), " ", button("close", "Close all rows")], "opening"));
  };
  const button = (name, label) => {
    const made = make("button", label);
    made.type = "button";
    made.dataset.does = name;
    return made;
  };

  const exchange = (index, first) => {
    const [request, sent, status, got, about, body, curl, waited, photo, askedAs] = data.exchanges[index];
    const made = make("details", make("summary", `${text(request)} (${text(askedAs)}) → ${text(status)}`), "exchange");
    made.open = first;
    let shown = `${text(request)}${headers(sent)}\n\n${text(status)}${headers(got)}`;
    if (text(body)) shown += `\n\n${text(body)}`;
    const whole = make("pre", shown);
    whole.tabIndex = 0;
    whole.setAttribute("aria-label", "Request and response");
    made.append(whole);
    if (text(about)) made.append(make("p", `Body: ${text(about)}`));
    if (waited) made.append(make("p", `Sent again after ${waited} responses 429 or 503.`));
    if (/^data:image\/(jpeg|png|gif|webp);base64,/.test(text(photo))) {
      const image = make("img", null, "photo");
      image.src = text(photo);
      image.alt = "the photo in the response";
      made.append(image);
    }
    if (text(curl)) {
      const copies = make("button", "Copy", "copy");
      copies.type = "button";
      copies.setAttribute("aria-label", `Copy the curl line of ${text(request)}`);
      made.append(make("p", [make("span", `Reproduce (${text(askedAs)}):`), " ", make("code", text(curl)), " ", copies], "curl"));
    }
    return made;
  };

  const verdict = ([outcome, name, findings, reason, blockedBy, exchanges, asked], rank) => {
    const word = text(outcome);
    const made = make("section", make("p", [make("b", word, `o-${word}`), " ", make("code", text(name))]), `verdict o-${word}`);
    for (const [at, wanted, got] of findings) {
      made.append(terms([["location", make("code", text(at))], ["expected", text(wanted)], ["actual", text(got)]]));
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
    const [verdicts, more, blocks, clause, cause] = row;
    place.append(make("p", link(`#${body.id}`, "Link to this row")));
    if (text(clause)) place.append(make("p", text(clause), "clause"));
    if (text(cause)) {
      place.append(make("p", ["Cause: ", link(`#cause:${encodeURIComponent(text(cause))}`, make("code", text(cause)))]));
    }
    if (blocks.length) {
      place.append(make("p", ["Blocks these checks: ", ...blocks.flatMap(
        ([name, count]) => [linkTo(text(name)), ` (${count}) `])]));
    }
    place.append(...verdicts.map(verdict));
    if (more) place.append(make("p", `${more} more verdicts are in verdicts.json.`));
  };

  const show = (body, open) => {
    const row = body.querySelector(".extras-row");
    const place = body.querySelector(".col-links");
    if (!row || !place) return;
    const opens = place.firstChild ?? place.appendChild(button("row", "Open"));
    if (open) fill(body);
    row.classList.toggle("hidden", !open);
    opens.setAttribute("aria-expanded", String(open));
    opens.textContent = open ? "Close" : "Open";
    opens.setAttribute("aria-label", `${opens.textContent} ${body.id}`);
    if (open) opened.add(body.id); else opened.delete(body.id);
  };
  const bodies = () => [...document.querySelectorAll("#results-table > tbody")];

  const FILTERS = ["verdict", "level", "chapter", "variant", "text"];
  const narrow = () => {
    const asked = Object.fromEntries(new FormData(form));
    const words = asked.text.trim().toLowerCase();
    let seen = 0;
    const all = bodies();
    for (const body of all) {
      const at = body.id.indexOf(":");
      const word = body.querySelector(".col-verdict b")?.className.slice(2) ?? "";
      const hides = (asked.verdict && word !== asked.verdict)
        || (asked.level && !body.querySelector(".col-cites")?.textContent.startsWith(asked.level))
        || (asked.chapter && body.id.slice(0, at).split(".")[0] !== asked.chapter)
        || (asked.variant && body.id.slice(at + 1).split(".")[0] !== asked.variant)
        || (words && !body.querySelector(".collapsible")?.textContent.toLowerCase().includes(words));
      body.hidden = Boolean(hides);
      body.dataset.outcome = word;
      if (!hides) seen += 1;
      body.classList.toggle("later", !hides && seen > room);
    }
    form.querySelector("output").textContent = `${seen} of ${all.length} rows, ${Math.min(seen, room)} shown`;
    document.querySelector(".paging").hidden = seen <= room;
  };
  // What is filtered stands in the address, so that it can be shared.
  const remember = () => {
    const asked = new URLSearchParams(FILTERS.map((name) => [name, form.elements[name].value]).filter(([, value]) => value));
    history.replaceState(null, "", `#rows?${asked}`);
    narrow();
  };
  const whole = () => { room = Infinity; narrow(); };

  const follow = () => {
    const aim = decodeURIComponent(location.hash.slice(1));
    if (aim.startsWith("rows?")) {
      const asked = new URLSearchParams(location.hash.slice(6));
      for (const name of FILTERS) form.elements[name].value = asked.get(name) ?? "";
      room = PAGE;
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
    if (body.hidden) { for (const name of FILTERS) form.elements[name].value = ""; narrow(); }
    if (body.classList.contains("later")) whole();
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

  // pytest-html draws its whole table again for every click; rows are opened here instead, before it sees the click.
  document.addEventListener("click", (event) => {
    const copies = event.target.closest("button.copy");
    if (copies) { event.stopPropagation(); copy(copies); return; }
    const does = event.target.dataset?.does;
    if (does === "more") { room += PAGE; narrow(); return; }
    if (does === "all") { whole(); return; }
    if (does === "open" || does === "close") {
      const shown = does === "open" ? bodies().filter((body) => !body.hidden && !body.classList.contains("later")) : bodies();
      shown.forEach((body) => show(body, does === "open"));
      return;
    }
    const row = event.target.closest("#results-table tr.collapsible");
    if (!row) return;
    event.stopPropagation();
    if (event.target.closest("a")) return;
    if (!event.target.closest("button") && String(getSelection())) return;
    const open = row.querySelector(".col-links button")?.getAttribute("aria-expanded") !== "true";
    show(row.parentNode, open);
    if (open) history.replaceState(null, "", `#${row.parentNode.id}`);
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
    for (const each of document.querySelectorAll("button.copy")) each.hidden = false;
    outline();
    for (const kind of ["input", "change"]) form.addEventListener(kind, remember);
    form.addEventListener("reset", () => setTimeout(() => { room = PAGE; remember(); }));
    form.addEventListener("submit", (event) => event.preventDefault());
    head();
    settle();
    new MutationObserver((changes) => {
      if (changes.some((change) => [...change.addedNodes].some((node) => node.id === "results-table"))) settle();
    }).observe(document.getElementById("main"), {childList: true});
    addEventListener("hashchange", follow);
    follow();
  });

  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll(".cause details.exchange:not([open])")].slice(0, 5);
    for (const each of unfolded) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of unfolded) each.open = false; });
})();
