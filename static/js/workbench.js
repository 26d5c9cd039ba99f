/*
 * Small helps for the office on top of pages that work without them. Texts come from the templates, never from here.
 * Written for old kernels too: nothing newer than Chromium 60 is taken for granted.
 */
(function () {
  "use strict";

  const each = function (selector, work, within) {
    Array.prototype.forEach.call((within || document).querySelectorAll(selector), work);
  };

  const list = function (selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  };

  const seen = function (element) { return element.getClientRects().length > 0; };

  const user = document.body.getAttribute("data-user") || "";

  // ---- [data-while-seen]: what is asked again and again is not asked while nobody looks

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (document.hidden && event.detail.elt.hasAttribute("data-while-seen")) { event.preventDefault(); }
  });

  // ---- [data-visited]: what was open last, by its number only; the server shows what the person may see of it

  const VISITED = "visited:" + user;
  const MOST_VISITED = 6;

  const visited = function () {
    try {
      return JSON.parse(sessionStorage.getItem(VISITED) || "[]");
    } catch (error) {
      return [];
    }
  };

  each("[data-visited]", function (place) {
    const name = place.getAttribute("data-visited");
    const names = [name].concat(visited().filter(function (other) { return other !== name; }));
    try {
      sessionStorage.setItem(VISITED, JSON.stringify(names.slice(0, MOST_VISITED)));
    } catch (error) {
      // Storage is full or switched off: nothing is remembered.
    }
  });

  // ---- rows: j and k walk through them by the links that open them

  const opener = function (row) { return list("a[href]", row).filter(seen)[0]; };

  const rows = function () {
    const marked = list("main [data-inbox] > *").filter(opener);
    return marked.length ? marked : list("main .data-table > tbody > tr, main .inbox > .inbox-row").filter(opener);
  };

  let last = null;

  const at = function () {
    const all = rows();
    const here = all.findIndex(function (row) { return row.contains(document.activeElement); });
    if (here >= 0) { return here; }
    if (all.indexOf(last) >= 0) { return all.indexOf(last); }
    return all.findIndex(function (row) { return row.querySelector("[aria-current]"); });
  };

  const walk = function (step) {
    const all = rows();
    last = all[Math.max(0, Math.min(all.length - 1, at() + step))];
    opener(last).focus();
  };

  const box = function (row) { return row && row.querySelector("input[type=checkbox]:not(:disabled)"); };

  const searchField = function () {
    return list("main input[type=search], main .filters input[name=q]").concat(list("input[type=search]")).filter(seen)[0];
  };

  const nextStep = function () {
    const fields = "#next-step input:not([type=hidden]), #next-step textarea, #next-step select, #next-step a.button";
    return list(fields).filter(seen)[0];
  };

  const beginning = function () { return document.querySelector("[data-begin]"); };

  // ---- keys: which key does what stands in the rows of the help; here is what is done, and where there is such a thing

  const help = document.getElementById("keys");

  const DEEDS = {
    next: { there: function () { return rows().length; }, run: function () { walk(1); } },
    previous: { there: function () { return rows().length; }, run: function () { walk(-1); } },
    open: {
      there: function () { return rows().length; },
      run: function () { if (at() >= 0) { opener(rows()[at()]).click(); } },
    },
    tick: {
      there: function () { return rows().some(box); },
      run: function () {
        const found = box(rows()[at()]);
        if (found) { found.click(); }
      },
    },
    search: { there: searchField, run: function () { searchField().focus(); } },
    act: { there: nextStep, run: function () { nextStep().focus(); } },
    begin: {
      there: beginning,
      run: function () { location.assign(beginning().getAttribute("data-begin")); },
    },
    help: { there: function () { return help && help.showModal; }, run: function () { openHelp(); } },
  };

  const keys = {};
  const ways = {};
  each("[data-key]", function (row) { keys[row.getAttribute("data-key")] = DEEDS[row.getAttribute("data-does")]; });
  each("[data-go]", function (link) { ways[link.getAttribute("data-go")] = link; });

  const cell = function (tag, row) { return row.appendChild(document.createElement(tag)); };

  const nameOf = function (link) {
    return (link.querySelector(".visually-hidden") || link).textContent.trim().replace(/\s+/g, " ");
  };

  const openHelp = function () {
    each("[data-key]", function (row) { row.hidden = !DEEDS[row.getAttribute("data-does")].there(); }, help);
    const place = help.querySelector("[data-ways]");
    place.textContent = "";
    Object.keys(ways).forEach(function (key) {
      const row = cell("tr", place);
      const head = cell("th", row);
      head.scope = "row";
      cell("kbd", head).textContent = "g";
      head.appendChild(document.createTextNode(" "));
      cell("kbd", head).textContent = key;
      cell("td", row).textContent = nameOf(ways[key]);
    });
    help.showModal();
  };

  const OFF = "keys:off";

  const off = function () {
    try {
      return localStorage.getItem(OFF) !== null;
    } catch (error) {
      return false;
    }
  };

  each("[data-keys-on]", function (choice) {
    choice.checked = !off();
    choice.addEventListener("change", function () {
      try {
        if (choice.checked) { localStorage.removeItem(OFF); } else { localStorage.setItem(OFF, ""); }
      } catch (error) {
        choice.checked = true;
      }
    });
  });

  const typing = function (element) {
    if (element.tagName === "INPUT") { return !/^(checkbox|radio|button|submit|reset)$/.test(element.type); }
    return /^(TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable;
  };

  const GO_MS = 1500;
  let going = 0;

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || !event.key || event.altKey) { return; }
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() === "k" && !event.shiftKey && openPalette()) { event.preventDefault(); }
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]") || off()) { return; }
    const way = Date.now() - going < GO_MS && ways[event.key];
    const deed = keys[event.key];
    going = !way && event.key === "g" ? Date.now() : 0;
    if (way) {
      event.preventDefault();
      way.click();
    } else if (deed && deed.there()) {
      event.preventDefault();
      deed.run();
    }
  });

  // ---- the palette: own pages and deeds are found here, everything else by the server, which knows who may see what

  const palette = document.getElementById("palette");
  const form = palette && palette.querySelector("[data-palette]");
  const field = form && form.elements.q;
  const options = palette && palette.querySelector("[role=listbox]");
  const found = palette && palette.querySelector("[data-found]");
  const WAIT_MS = 180;
  let waiting = 0;
  let before = null;

  const option = function (name, hint, href, run) {
    const link = document.createElement("a");
    link.className = "finds__row";
    link.href = href;
    cell("span", link).className = "finds__name";
    link.firstChild.textContent = name;
    if (hint) {
      cell("span", link).className = "finds__side";
      hint.split("").forEach(function (key) { cell("kbd", link.lastChild).textContent = key; });
    }
    if (run) {
      link.addEventListener("click", function (event) {
        event.preventDefault();
        palette.close();
        run();
      });
    }
    return { name: name, link: link };
  };

  const pages = function () {
    const known = list(".workbench__nav a, .workbench__bell").map(function (link) {
      const key = link.getAttribute("data-go");
      return option(nameOf(link), key ? "g" + key : "", link.href);
    });
    const begin = beginning();
    if (begin) {
      const name = document.querySelector("[data-does=begin] td").textContent;
      known.push(option(name, "n", begin.getAttribute("data-begin")));
    }
    return known;
  };

  const NO_DOINGS = "table, .filters, .pagination, .inbox, .messages";

  const doings = function () {
    const taken = {};
    const steps = list("main [data-doing], #next-step a.button").concat(list("main .button-grid a.button"));
    return steps.concat(list("main a.button")).filter(function (element) {
      const name = nameOf(element);
      const fresh = name && !taken[name] && seen(element) && !element.closest(NO_DOINGS);
      taken[name] = true;
      return fresh;
    }).map(function (element) {
      if (element.href) { return option(nameOf(element), "", element.href); }
      return option(nameOf(element), "a", "#next-step", DEEDS.act.run);
    });
  };

  const fill = function (name, rowsOfIt, words) {
    const group = palette.querySelector("[data-own=" + name + "]");
    const place = group.querySelector("ul");
    const fits = rowsOfIt.filter(function (row) {
      return words.every(function (word) { return row.name.toLowerCase().indexOf(word) >= 0; });
    });
    place.textContent = "";
    fits.forEach(function (row) { cell("li", place).appendChild(row.link); });
    group.hidden = !fits.length;
  };

  const links = function () { return list("a", options).filter(seen); };

  const choose = function (link) {
    each("[aria-selected=true]", function (other) { other.setAttribute("aria-selected", "false"); }, options);
    field.removeAttribute("aria-activedescendant");
    if (!link) { return; }
    link.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", link.id);
    link.scrollIntoView({ block: "nearest" });
  };

  const chosen = function () { return options.querySelector("[aria-selected=true]"); };

  // What is shown becomes groups of options: as they come from the server they are lists of links.
  const dress = function (settled) {
    each("section", function (group, number) {
      const head = group.querySelector("h2");
      head.id = head.id || "palette-group-" + number;
      head.setAttribute("role", "presentation");
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", head.id);
    }, options);
    each("ul, li", function (part) { part.setAttribute("role", "presentation"); }, options);
    each("a", function (link, number) {
      link.id = "palette-option-" + number;
      link.setAttribute("role", "option");
      link.setAttribute("aria-selected", link.getAttribute("aria-selected") || "false");
      link.tabIndex = -1;
    }, options);
    const words = field.value.trim();
    options.insertBefore(found, words ? null : options.firstChild);
    options.hidden = false;
    const all = links();
    options.hidden = !all.length;
    field.setAttribute("aria-expanded", String(all.length > 0));
    choose(chosen() || (words ? all[0] : null));
    options.setAttribute("aria-busy", String(!settled));
    if (!settled) { return; }
    const status = palette.querySelector("[data-count]");
    status.textContent = status.getAttribute("data-count").replace("{n}", all.length);
    palette.querySelector("[data-nothing]").hidden = all.length > 0 || !words;
  };

  const ask = function (words) {
    const given = words ? "q=" + encodeURIComponent(words) : "recent=" + encodeURIComponent(visited().join(","));
    fetch(form.getAttribute("data-palette") + "?part&" + given, { credentials: "same-origin" }).then(function (answer) {
      return answer.ok && !answer.redirected ? answer.text() : "";
    }).catch(function () { return ""; }).then(function (html) {
      // What was typed meanwhile has asked anew.
      if (words !== field.value.trim()) { return; }
      found.innerHTML = html;
      dress(true);
    });
  };

  const look = function () {
    const words = field.value.trim();
    fill("doings", doings(), words.toLowerCase().split(/\s+/));
    fill("pages", pages(), words.toLowerCase().split(/\s+/));
    choose(null);
    clearTimeout(waiting);
    if (words.length === 1 || (!words && !visited().length)) {
      found.textContent = "";
      dress(true);
      return;
    }
    if (!words) { found.textContent = ""; }
    dress(false);
    waiting = setTimeout(function () { ask(words); }, words ? WAIT_MS : 0);
  };

  const openPalette = function () {
    if (!palette || !palette.showModal) { return false; }
    if (palette.open) {
      palette.close();
    } else if (!document.querySelector("dialog[open]")) {
      before = document.activeElement;
      field.value = "";
      palette.showModal();
      field.focus();
      look();
    }
    return true;
  };

  const move = function (step) {
    const all = links();
    if (!all.length) { return; }
    const here = all.indexOf(chosen());
    choose(all[here < 0 && step < 0 ? all.length - 1 : (here + step + all.length) % all.length]);
  };

  if (palette && palette.showModal) {
    each("[data-palette-open]", function (button) {
      button.addEventListener("click", function (event) {
        event.preventDefault();
        openPalette();
      });
    });
    palette.addEventListener("close", function () {
      if (before && document.contains(before)) { before.focus(); }
    });
    palette.addEventListener("click", function (event) {
      if (event.target === palette) { palette.close(); }
    });
    field.addEventListener("input", function (event) { if (!event.isComposing) { look(); } });
    field.addEventListener("compositionend", look);
    field.addEventListener("keydown", function (event) {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) { return; }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        move(event.key === "ArrowDown" ? 1 : -1);
      }
      if (event.key === "Enter" && (chosen() || !field.value.trim())) {
        event.preventDefault();
        if (chosen()) { chosen().click(); }
      }
    });
    each("[data-keys-help]", function (button) {
      button.addEventListener("click", function () {
        palette.close();
        openHelp();
      });
    });
  }

  if (/Mac|iP/.test(navigator.platform)) {
    each("[data-mac]", function (key) { key.textContent = key.getAttribute("data-mac"); });
  }
})();
