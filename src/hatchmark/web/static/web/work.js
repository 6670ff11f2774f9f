// What signed-in pages do besides what their forms do without it. Nothing is lost where it does not run.
"use strict";
