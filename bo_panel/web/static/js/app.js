// Everything a page may need. Each module looks for its own elements and does nothing when they are not there.

import "./appearance.js";
import "./nav.js";
import "./popover.js";
import "./menu.js";
import "./dialogs.js";
import "./toast.js";
import "./swap.js";
import "./search.js";
import "./bulk.js";
import "./row_menu.js";
import "./row_cursor.js";
import "./access.js";
import "./states.js";
import "./home_fields.js";
import "./form_guard.js";
import "./summary.js";
import "./password.js";
import "./picture.js";
import "./jobs.js";
import "./ladders.js";
import "./policy.js";
import "./tree.js";
import "./keys.js";

document.documentElement.dataset.ready = "";
