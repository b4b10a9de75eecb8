using Throughput;

// How near the agent comes to the floor, the least that shipping a file can cost: they take turns at the same file
// and the same kind of sink, floor, agent, floor, and the ratios of a round are what counts, since the machine's rate
// drifts.
// A round whose two floors differ by more than 15 % says nothing and is left out.
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

using var bench = new Bench(options);
var rounds = new List<Round>();
Console.WriteLine(Round.Header);
for (var i = 0; i < options.Rounds; i++)
{
    var round = await bench.RunAsync();
    rounds.Add(round);
    Console.WriteLine(round);
}

Console.WriteLine(Round.Medians(rounds));
return rounds.Exists(round => round.IsGood) ? 0 : 1;
