/*
 * Small helps on top of pages that work without them; each is switched on by a data attribute.
 * Texts come from the templates, never from here. Written for old kernels too: nothing newer than Chromium 60
 * is taken for granted.
 */
(function () {
  "use strict";

  const each = function (selector, work, within) {
    Array.prototype.forEach.call((within || document).querySelectorAll(selector), work);
  };

  const typing = function (element) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable;
  };

  const make = function (tag, className) {
    const element = document.createElement(tag);
    element.className = className;
    return element;
  };

  // ---- style sheets that stood in the page were fetched afterwards: from now on the files are enough

  each("style[data-css]", function (sheet) {
    window.addEventListener("load", function () {
      document.cookie = "css=" + sheet.getAttribute("data-css") + ";path=/;max-age=31536000;samesite=lax";
    });
  });

  // ---- a form that is on its way is not sent again; the server would know the double anyway

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") { return; }
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
    // The pressed button's name and value must still travel: it is disabled after the form was read.
    setTimeout(function () {
      each("button", function (button) { button.disabled = true; }, form);
    }, 0);
  });

  // Back from the next page: the form may be sent again (same key, same effect).
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) { return; }
    each("form[data-sent]", function (form) {
      form.removeAttribute("data-sent");
      each("button", function (button) { button.disabled = false; }, form);
    });
  });

  // ---- what is known of words while they are written: the answer of [data-look] to the field [data-watch] and to
  // the fields [data-with] of the same form is shown in the place; only ever a piece of our own pages

  each("[data-look]", function (place) {
    const fields = place.closest("form").elements;
    const field = fields[place.getAttribute("data-watch")];
    let waiting = 0;
    let asked = "";
    const look = function () {
      if (field.value === asked) { return; }
      asked = field.value;
      const given = new URLSearchParams();
      place.getAttribute("data-with").split(" ").concat(field.name).forEach(function (name) {
        given.append(name, fields[name].value);
      });
      const request = { method: "POST", body: given, credentials: "same-origin" };
      fetch(place.getAttribute("data-look"), request).then(function (answer) {
        return answer.ok ? answer.text() : "";
      }).then(function (html) {
        if (given.get(field.name) === field.value) { place.innerHTML = html; }
      }).catch(function () { place.textContent = ""; });
    };
    field.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(look, 900);
    });
  });

  // ---- texts that are kept: [data-insert] puts one into the text area of its section instead of opening the form anew

  each("[data-insert]", function (link) {
    const area = link.closest("section").querySelector("textarea");
    if (!area) { return; }
    link.addEventListener("click", function (event) {
      event.preventDefault();
      area.value = (area.value.trim() ? area.value + "\n" : "") + link.getAttribute("data-insert");
      area.dispatchEvent(new Event("input", { bubbles: true }));
      area.focus();
    });
  });

  // ---- keys: "/" goes to the search field, j and k walk through the rows of [data-inbox], Enter opens

  const walk = function (step) {
    const links = Array.prototype.slice.call(document.querySelectorAll("[data-inbox] a"));
    if (!links.length) { return; }
    let at = links.indexOf(document.activeElement);
    if (at < 0) {
      at = links.findIndex(function (link) { return link.hasAttribute("aria-current"); });
    }
    links[Math.max(0, Math.min(links.length - 1, at + step))].focus();
  };

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    if (document.querySelector("dialog[open]")) { return; }
    if (event.key === "j") { walk(1); }
    if (event.key === "k") { walk(-1); }
    if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });

  // ---- after a refused form the reader stands at the list of faults

  each("[data-focus]", function (element) { element.focus(); });

  // ---- textarea[data-counter]: characters used so far

  each("textarea[data-counter]", function (area) {
    const counter = make("span", "form-field__counter");
    counter.setAttribute("aria-hidden", "true");
    const show = function () {
      counter.textContent = area.value.length + (area.maxLength > 0 ? " / " + area.maxLength : "");
      counter.classList.toggle("form-field__counter--full", area.maxLength > 0 && area.value.length >= area.maxLength);
    };
    area.insertAdjacentElement("afterend", counter);
    area.addEventListener("input", show);
    show();
  });

  // ---- form[data-draft="name"]: what was typed stays on this device until it has been sent

  const PREFIX = "draft:" + (document.body.getAttribute("data-user") || "") + ":";
  const DRAFT_DAYS = 7;

  const kept = function (form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && typing(field) && !/^(hidden|password|file|submit|button)$/.test(field.type);
    });
  };

  const choosable = function (field) { return field.type === "radio" || field.type === "checkbox"; };

  const saveDraft = function (form, name) {
    const values = kept(form).map(function (field) {
      return [field.name, field.value, choosable(field) ? field.checked : null];
    });
    localStorage.setItem(name, JSON.stringify({ at: Date.now(), values: values }));
  };

  const restoreDraft = function (form, name) {
    const draft = JSON.parse(localStorage.getItem(name) || "null");
    if (!draft || Date.now() - draft.at > DRAFT_DAYS * 86400000) {
      localStorage.removeItem(name);
      return;
    }
    kept(form).forEach(function (field) {
      draft.values.forEach(function (value) {
        if (value[0] !== field.name) { return; }
        if (!choosable(field)) {
          // What the server filled in is newer than a draft.
          if (!field.value || field.tagName === "SELECT") { field.value = value[1]; }
        } else if (value[1] === field.value) {
          field.checked = value[2];
        }
        field.dispatchEvent(new Event("input"));
      });
    });
  };

  try {
    // A draft that was sent is forgotten on the next page, unless that page asks for corrections of it.
    const sent = sessionStorage.getItem("draft-sent");
    sessionStorage.removeItem("draft-sent");
    const corrected = sent !== null && document.querySelector("form[data-draft] [aria-invalid=true], .error-summary");
    if (sent !== null && !corrected) { localStorage.removeItem(sent); }
    each("form[data-draft]", function (form) {
      const name = PREFIX + form.getAttribute("data-draft");
      if (!corrected) { restoreDraft(form, name); }
      form.addEventListener("input", function () { saveDraft(form, name); });
      form.addEventListener("submit", function () { sessionStorage.setItem("draft-sent", name); });
    });
  } catch (error) {
    // Storage is full or switched off: nothing is kept, everything else works.
  }

  // ---- form[data-guard]: a warning before what was typed is left behind

  each("form[data-guard]", function (form) {
    let dirty = false;
    form.addEventListener("input", function () { dirty = true; });
    document.addEventListener("submit", function (event) {
      if (event.target === form) { dirty = false; }
    });
    window.addEventListener("beforeunload", function (event) {
      if (!dirty) { return; }
      event.preventDefault();
      event.returnValue = "";
    });
  });

  // ---- [data-preview] around a file input: a grid of what was chosen, each with a way out; smaller photos

  const canChoose = (function () {
    try {
      return Boolean(new DataTransfer().items);
    } catch (error) {
      return false;
    }
  })();
  // A canvas forgets how a camera was held; only kernels that turn the picture themselves may redraw it.
  const turnsPictures = Boolean(window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image"));
  const BIG_BYTES = 300 * 1024;

  const smaller = function (file, limit) {
    const same = Promise.resolve(file);
    if (!turnsPictures || file.size < BIG_BYTES || !/^image\/(jpeg|png|webp)$/.test(file.type)) { return same; }
    return new Promise(function (resolve) {
      const picture = new Image();
      const url = URL.createObjectURL(file);
      const done = function (result) {
        URL.revokeObjectURL(url);
        resolve(result);
      };
      picture.onerror = function () { done(file); };
      picture.onload = function () {
        const scale = limit / Math.max(picture.naturalWidth, picture.naturalHeight);
        if (scale >= 1) {
          done(file);
          return;
        }
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(picture.naturalWidth * scale);
        canvas.height = Math.round(picture.naturalHeight * scale);
        const paper = canvas.getContext("2d");
        paper.fillStyle = "#fff";
        paper.fillRect(0, 0, canvas.width, canvas.height);
        paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) {
          const name = file.name.replace(/\.\w+$/, "") + ".jpg";
          done(blob && blob.size < file.size ? new File([blob], name, { type: "image/jpeg" }) : file);
        }, "image/jpeg", 0.85);
      };
      picture.src = url;
    });
  };

  const Grid = function (box, input) {
    this.box = box;
    this.input = input;
    this.files = [];
    this.grid = make("div", "photo-grid");
    this.add = make("div", "photo-grid__add");
    const face = make("span", "photo-grid__face");
    face.setAttribute("aria-hidden", "true");
    const drawing = box.querySelector("template");
    if (drawing) { face.appendChild(document.importNode(drawing.content, true)); }
    face.appendChild(document.createTextNode(box.getAttribute("data-add") || ""));
    box.insertBefore(this.grid, box.firstChild);
    this.add.appendChild(input);
    this.add.appendChild(face);
    this.grid.appendChild(this.add);
    input.addEventListener("change", this.chosen.bind(this));
    box.addEventListener("dragover", function () { box.classList.add("file-drop--over"); });
    ["dragleave", "drop"].forEach(function (name) {
      box.addEventListener(name, function () { box.classList.remove("file-drop--over"); });
    });
    this.chosen();
  };

  // A second choice adds to the first, as on a phone photos come one by one.
  Grid.prototype.chosen = function () {
    const limit = Number(this.box.getAttribute("data-downscale"));
    const fresh = Array.prototype.filter.call(this.input.files, function (file) {
      return this.files.indexOf(file) < 0;
    }, this);
    this.files = this.input.multiple ? this.files.concat(fresh) : fresh;
    this.show();
    if (!limit) { return; }
    fresh.forEach(function (file) {
      smaller(file, limit).then(function (result) {
        const at = this.files.indexOf(file);
        if (at < 0 || result === file) { return; }
        this.files[at] = result;
        this.show();
      }.bind(this));
    }, this);
  };

  Grid.prototype.show = function () {
    const chosen = new DataTransfer();
    this.files.forEach(function (file) { chosen.items.add(file); });
    this.input.files = chosen.files;
    // Adding a file makes a new object: what the input holds now is what a later choice is compared with.
    this.files = Array.prototype.slice.call(this.input.files);
    each(".photo-grid__item", function (item) { item.remove(); }, this.grid);
    this.files.forEach(function (file, index) {
      this.grid.insertBefore(this.item(file, index), this.add);
    }, this);
  };

  Grid.prototype.item = function (file, index) {
    const item = make("figure", "photo-grid__item");
    if (/^image\/(jpeg|png|webp|gif)$/.test(file.type)) {
      const picture = make("img", "photo-grid__picture");
      picture.alt = file.name;
      picture.onload = function () { URL.revokeObjectURL(picture.src); };
      picture.src = URL.createObjectURL(file);
      item.appendChild(picture);
    } else {
      const name = make("figcaption", "photo-grid__name");
      name.textContent = file.name;
      item.appendChild(name);
    }
    const remove = make("button", "photo-grid__remove");
    remove.type = "button";
    remove.setAttribute("aria-label", (this.box.getAttribute("data-remove") || "{name}").replace("{name}", file.name));
    remove.appendChild(document.createElement("span")).textContent = "\u00d7";
    remove.addEventListener("click", function () {
      this.files.splice(index, 1);
      this.show();
      this.input.focus();
    }.bind(this));
    item.appendChild(remove);
    return item;
  };

  each("[data-preview]", function (box) {
    const input = box.querySelector("input[type=file]");
    if (input && canChoose) { new Grid(box, input); }
  });

  // ---- [data-dialog-open="id"] and [data-dialog-close]

  document.addEventListener("click", function (event) {
    const opener = event.target.closest("[data-dialog-open]");
    const closer = event.target.closest("[data-dialog-close]");
    if (opener) {
      const dialog = document.getElementById(opener.getAttribute("data-dialog-open"));
      // Without dialogs the button does what it does without script.
      if (dialog && dialog.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
    } else if (closer && closer.closest("dialog")) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
  });

  // ---- button[data-copy="text"]: into the clipboard; data-copied is what it says afterwards

  each("[data-copy]", function (button) {
    if (!navigator.clipboard) {
      button.hidden = true;
      return;
    }
    const answer = make("span", "visually-hidden");
    answer.setAttribute("role", "status");
    button.insertAdjacentElement("afterend", answer);
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.getAttribute("data-copy")).then(function () {
        answer.textContent = button.getAttribute("data-copied") || "";
        answer.className = "muted";
      });
    });
  });

  // ---- input[data-tick-all]: ticks every box of a name on the page

  document.addEventListener("change", function (event) {
    var name = event.target.getAttribute && event.target.getAttribute("data-tick-all");
    if (!name) { return; }
    each('input[type="checkbox"][name="' + name + '"]', function (box) { box.checked = event.target.checked; });
  });

  // ---- button[data-print]

  each("[data-print]", function (button) {
    button.addEventListener("click", function () { window.print(); });
  });
})();
