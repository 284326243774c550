/** How one goes to a place of the course: on a lesson page the session comes along, and there is a terminal to run things in. */

interface Travel {
  /** To a lesson's address; to one of its steps, if one is named. */
  to(address: string, step: string): void;
  run?(host: string, command: string): void;
  /** What every lesson's address is given: the terms of a teacher's link. */
  search: string;
}

export const travel: Travel = {
  to: (address, step) => {
    location.href = step ? `${address}#${step}` : address;
  },
  search: '',
};
