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

  // ---- what was typed stays here until it has been sent: everything in form[data-draft="name"], and on pages with
  // [data-keeps] the long texts of every form, under the address it is sent to; "tab" forgets with the tab

  const USER = document.body.getAttribute("data-user") || "";
  const PREFIX = "draft:" + USER + ":";
  const SENT = "draft-sent";
  const KEEPS = document.body.getAttribute("data-keeps");
  const DRAFT_DAYS = 7;
  const twins = {};

  const choosable = function (field) { return field.type === "radio" || field.type === "checkbox"; };

  const kept = function (form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      if (!field.name || field.hasAttribute("data-forget")) { return false; }
      if (!form.hasAttribute("data-draft")) { return field.tagName === "TEXTAREA"; }
      return typing(field) && !/^(hidden|password|file|submit|button)$/.test(field.type);
    });
  };

  const nameOf = function (form) {
    if (form.hasAttribute("data-draft")) { return PREFIX + form.getAttribute("data-draft"); }
    const address = new URL(form.getAttribute("action") || "", location.href).pathname;
    twins[address] = (twins[address] || 0) + 1;
    return PREFIX + address + "#" + twins[address];
  };

  const read = function (store, name) {
    try {
      const draft = JSON.parse(store.getItem(name) || "null");
      return draft && Date.now() - draft.at < DRAFT_DAYS * 86400000 ? draft : null;
    } catch (error) {
      return null;
    }
  };

  const forget = function (begin, old) {
    [localStorage, sessionStorage].forEach(function (store) {
      Object.keys(store).forEach(function (name) {
        if (name.indexOf(begin) === 0 && !(old && read(store, name))) { store.removeItem(name); }
      });
    });
  };

  // What a field held when the page came; of a draft that is being corrected, when it was begun.
  const began = function (draft, field) {
    const known = draft && draft.values.filter(function (value) { return value[0] === field.name; })[0];
    return known && known.length > 3 ? known[3] : field.defaultValue || "";
  };

  const saveDraft = function (store, form, name) {
    const before = read(store, name);
    const values = kept(form).map(function (field) {
      return [field.name, field.value, choosable(field) ? field.checked : null, began(before, field)];
    });
    const typed = form.hasAttribute("data-draft") || values.some(function (value) { return value[1] !== value[3]; });
    if (typed) {
      store.setItem(name, JSON.stringify({ at: Date.now(), values: values }));
    } else {
      store.removeItem(name);
    }
  };

  // Returns whether anything came back that the page does not hold by itself.
  const restoreDraft = function (form, draft) {
    let back = false;
    kept(form).forEach(function (field) {
      draft.values.forEach(function (value) {
        if (value[0] !== field.name) { return; }
        if (choosable(field)) {
          if (value[1] === field.value) { field.checked = value[2]; }
        } else if (field.tagName === "SELECT" || (field.defaultValue || "") === (value[3] || "")) {
          // Else the server filled in something newer than the draft.
          back = back || field.value !== value[1];
          field.value = value[1];
        }
        field.dispatchEvent(new Event("input"));
      });
    });
    return back;
  };

  // Says since when the texts of a form are kept, with a way to throw them away.
  const tellOfDraft = function (form, at, discard) {
    const template = document.getElementById("kept-note");
    if (!template) { return; }
    const note = document.importNode(template.content, true).firstElementChild;
    const two = function (number) { return (number < 10 ? "0" : "") + number; };
    const when = new Date(at);
    const day = two(when.getMonth() + 1) + "-" + two(when.getDate()) + " ";
    const time = (when.toDateString() === new Date().toDateString() ? "" : day) + two(when.getHours()) + ":" + two(when.getMinutes());
    const words = note.querySelector("[data-words]");
    words.textContent = words.getAttribute("data-words").replace("{time}", time);
    note.querySelector("button").addEventListener("click", function () {
      discard();
      note.remove();
      kept(form)[0].focus();
    });
    form.insertBefore(note, form.firstChild);
  };

  const keepDraft = function (store, form, failed) {
    const name = nameOf(form);
    const draft = read(store, name);
    (store === localStorage ? sessionStorage : localStorage).removeItem(name);
    const back = draft && !failed && restoreDraft(form, draft);
    if (draft && !failed && !back && KEEPS) { store.removeItem(name); }
    if (back) {
      tellOfDraft(form, draft.at, function () {
        kept(form).forEach(function (field) {
          field.value = field.defaultValue;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        });
        store.removeItem(name);
      });
    }
    form.addEventListener("input", function (event) {
      if (kept(form).indexOf(event.target) >= 0) { saveDraft(store, form, name); }
    });
    form.addEventListener("submit", function () { sessionStorage.setItem(SENT, name); });
  };

  try {
    const sent = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    // A draft that was sent is forgotten on the person's next page, unless that asks for corrections of it, says that
    // nothing was done, or was reached by going back.
    const failed = sent !== null && document.querySelector("form[data-draft] [aria-invalid=true], .error-summary, .message--error, .message-page");
    const back = window.performance && performance.navigation && performance.navigation.type === 2;
    if (sent !== null && !failed && !back && USER && sent.indexOf(PREFIX) === 0) { forget(sent); }
    forget("draft:", true);
    each(KEEPS ? "form" : "form[data-draft]", function (form) {
      if (form.method !== "post" || !kept(form).length) { return; }
      keepDraft(KEEPS === "tab" ? sessionStorage : localStorage, form, failed);
    });
    each("form[data-signs-out]", function (form) {
      form.addEventListener("submit", function () {
        forget(PREFIX);
        forget("visited:");
      });
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
