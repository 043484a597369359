'use strict';
// Declares nothing: what is wrong is in the folder or the configuration.
