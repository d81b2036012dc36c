// Says at the end what the tests measured, so that it stands together. A test measures by an annotation of the type
// `measured`.
export default class MeasuredReporter {
  lines = [];

  onTestEnd(test, result) {
    for (const { type, description } of result.annotations ?? test.annotations) {
      if (type === 'measured') this.lines.push(description);
    }
  }

  onEnd() {
    for (const line of this.lines) console.log(`measured: ${line}`);
  }

  printsToStdio() {
    return false;
  }
}
