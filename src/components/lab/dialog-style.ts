/** The look of the lab's dialogs: with the first of them that is loaded. */

import { addStyle } from '../../runtime/late-style.ts';
import css from './dialogs.css?inline';

addStyle(css);
