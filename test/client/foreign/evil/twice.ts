import { evil } from './evil.ts';

export default evil('twice');
