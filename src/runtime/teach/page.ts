/** The teacher's page come alive. */

import { mount } from 'svelte';
import Teach from '../../components/teach/Teach.svelte';
import { languageOfPage } from '../../i18n/page.ts';
import { lessons } from '../early.ts';

mount(Teach, { target: document.getElementById('class')!, props: { language: languageOfPage(), lessons } });
