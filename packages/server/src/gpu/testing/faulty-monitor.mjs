// A monitor gone wrong: `leave` ends at once, `babble` says what is no message and stays.
if (process.argv[2] === 'leave') process.exit(3);
process.stdout.write('hello\n');
process.stdin.resume();
