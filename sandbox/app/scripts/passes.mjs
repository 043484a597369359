// Stands for a check of the application's own that has nothing to do with staging.
console.log(`${process.argv[2] ?? 'check'}: passed`);
