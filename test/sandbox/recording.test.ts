import { describe, expect, it } from '@jest/globals';
import { recordingSvg } from '../../sandbox/pictures/recording.ts';

describe('a recording of a terminal', () => {
  it('has each line once, in its order, escaped, and cut where the terminal ends', () => {
    const svg = recordingSvg('npm start', [
      { at: 100, text: 'one <b> & two' },
      { at: 200, text: 'x'.repeat(500) },
    ]);
    expect([...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text)).toEqual([
      '$ npm start',
      'one &lt;b&gt; &amp; two',
      `${'x'.repeat(115)}…`,
    ]);
  });

  it('makes a long pause short, and the end stay', () => {
    const svg = recordingSvg('npm start', [
      { at: 100, text: 'one' },
      { at: 600_000, text: 'two' },
    ]);
    expect(svg).toContain('animation-duration:9000ms'); // 100 + 900 + 8000
    expect(svg).toContain('@keyframes l2{0%{opacity:0}11.10%{opacity:0}11.11%{opacity:1}100%{opacity:1}}');
  });

  it('scrolls only where there are more lines than a terminal has', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, at) => ({ at, text: String(at) }));
    expect(recordingSvg('x', lines(29))).toContain('@keyframes scroll{0%{transform:none}}');
    expect(recordingSvg('x', lines(30))).toContain('{transform:translateY(-17px)}');
  });
});
