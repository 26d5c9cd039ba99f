/* Small helps on top of pages that work without them. Texts come from the templates (data attributes). */
(function () {
  "use strict";

  // A form that is on its way is not sent again; the server would know the double anyway.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    // The button's own name and value must still travel, so it is disabled after the form was read.
    setTimeout(function () {
      form.querySelectorAll("button").forEach(function (button) { button.disabled = true; });
    }, 0);
  });
  // Back from another page: the form may be sent again (same key, same effect).
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) { return; }
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach(function (button) { button.disabled = false; });
    });
  });

  // "/" goes to the search field.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { return; }
    var search = document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); }
  });

  // j and k walk through the rows of an inbox.
  document.addEventListener("keydown", function (event) {
    if ((event.key !== "j" && event.key !== "k") || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { return; }
    var links = Array.prototype.slice.call(document.querySelectorAll("[data-inbox] a"));
    if (!links.length) { return; }
    var at = links.indexOf(document.activeElement);
    if (at < 0) { at = links.findIndex(function (link) { return link.getAttribute("aria-current"); }); }
    var next = links[Math.max(0, Math.min(links.length - 1, at + (event.key === "j" ? 1 : -1)))];
    next.focus();
  });

  // Characters used so far.
  document.querySelectorAll("textarea[data-counter]").forEach(function (area) {
    var counter = document.createElement("span");
    counter.className = "form-field__counter";
    counter.setAttribute("aria-hidden", "true");
    function show() { counter.textContent = area.value.length + " / " + area.maxLength; }
    area.insertAdjacentElement("afterend", counter);
    area.addEventListener("input", show);
    show();
  });

  // What was typed survives a lost connection or a closed page on this device until it is sent.
  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    var name = "draft:" + form.dataset.draft;
    var area = form.querySelector("textarea");
    if (!area || !window.localStorage) { return; }
    try {
      if (!area.value) { area.value = localStorage.getItem(name) || ""; area.dispatchEvent(new Event("input")); }
      area.addEventListener("input", function () { localStorage.setItem(name, area.value); });
      form.addEventListener("submit", function () { localStorage.removeItem(name); });
    } catch (error) { /* storage is switched off: nothing is kept */ }
  });

  // Small pictures of the chosen photos, each with a way to take it out again.
  document.querySelectorAll("input[type=file][multiple]").forEach(function (input) {
    var box = document.createElement("div");
    box.className = "previews";
    input.insertAdjacentElement("afterend", box);
    function without(index) {
      var kept = new DataTransfer();
      Array.prototype.forEach.call(input.files, function (file, at) { if (at !== index) { kept.items.add(file); } });
      input.files = kept.files;
      show();
    }
    function show() {
      box.textContent = "";
      Array.prototype.forEach.call(input.files, function (file, index) {
        var figure = document.createElement("figure");
        if (file.type.indexOf("image/") === 0) {
          var picture = document.createElement("img");
          picture.alt = file.name;
          picture.src = URL.createObjectURL(file);
          figure.appendChild(picture);
        } else { figure.textContent = file.name; }
        var remove = document.createElement("button");
        remove.type = "button";
        remove.textContent = "\u00d7";
        remove.setAttribute("aria-label", (input.dataset.remove || "") + " " + file.name);
        remove.addEventListener("click", function () { without(index); });
        figure.appendChild(remove);
        box.appendChild(figure);
      });
    }
    input.addEventListener("change", show);
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });
})();
