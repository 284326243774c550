/** While the site is worked on: what authors change in their folders is assembled again, and what is wrong with it is printed. */

import type { AstroIntegration } from 'astro';
import { lessonFolders } from '../../sandbox/hosts/content/folders.ts';
import { ContentError } from '../../sandbox/hosts/content/problems.ts';
import { assemble } from './assemble.ts';

export function watchedLessons(): AstroIntegration {
  const folders = lessonFolders().map(({ path }) => path);
  return {
    name: 'watched-lessons',
    hooks: {
      'astro:server:setup': ({ server, logger }) => {
        server.watcher.add(folders);
        server.watcher.on('all', (_, path) => {
          if (!folders.some((folder) => path.startsWith(folder))) return;
          try {
            assemble();
            // What is not a page of the collection (lesson.yaml, files/) nobody else would tell the browser.
            server.ws.send({ type: 'full-reload' });
          } catch (error) {
            if (!(error instanceof ContentError)) throw error;
            logger.error(`the lessons stay as they were:\n${error.message}`);
          }
        });
      },
    },
  };
}
