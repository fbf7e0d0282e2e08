import { expect } from "chai";
import { KilledRollouts, SPEED } from "../../bench/support/killed-rollouts";
import { killsOf, PHASES, VICTIMS } from "../../bench/support/kill-plan";
import { LocalAzure } from "../helpers/local-azure";

const SEED = 3;
const KILLS = 10;
/** A kill of the local Azure may take so long that its rollout has left the next phase: then there is another rollout. */
const MOST_ROUNDS = 4;

describe("rollouts under load, killed with kill -9", () => {
  const azure = new LocalAzure(SPEED);
  const said: string[] = [];

  after(async () => await azure.remove());

  it(`${KILLS} times, of the engine, the provider or the local Azure, in each phase: converge by the same \`up\` again, without an orphan, and no request is lost`, async function () {
    this.timeout(1_200_000);
    await azure.start();
    const killed = await KilledRollouts.create(azure, (line) => said.push(line));
    for (let round = 0; killed.hits.length < KILLS && round < MOST_ROUNDS; round += 1)
      await killed.round(killsOf(SEED, round).slice(0, KILLS - killed.hits.length));
    const { asked, lost } = await killed.stop();
    expect(killed.hits, said.join("\n")).to.have.length(KILLS);
    expect(new Set(killed.hits.map(({ phase }) => phase))).to.deep.equal(new Set(PHASES));
    expect(new Set(killed.hits.map(({ victim }) => victim))).to.deep.equal(new Set(VICTIMS));
    expect(killed.converged, said.join("\n")).to.equal(killed.rounds);
    expect(killed.orphans, said.join("\n")).to.equal(0);
    expect(asked.length).to.be.greaterThan(100);
    expect(lost.map(({ status, answer }) => `${status} ${answer}`)).to.deep.equal([]);
  });
});
