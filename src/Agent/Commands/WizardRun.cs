using System.Text;
using Agent.Aws;
using Agent.Config;
using Agent.Config.Wizard;

namespace Agent.Commands;

/// <summary>One run of the wizard: asks, checks what comes of it, keeps it, and puts it in force if that is
/// wanted.</summary>
/// <param name="file">Null where nothing is to be written.</param>
sealed class WizardRun(WizardFile? file, CtlPlaces places)
{
    public bool AsksForJournald { get; init; }

    /// <summary>Called by the CloudWatch agent's name: its questions and no other are asked.</summary>
    public bool IsUpstream { get; init; }

    /// <summary>A file of answers; null where they are typed, or piped in.</summary>
    public string? Answers { get; init; }

    /// <summary>Null where questions are asked.</summary>
    public GivenAnswers? Given { get; init; }

    /// <summary>Whether it is put in force without a question.</summary>
    public bool IsApplied { get; init; }

    // Without a file nothing is written. Whoever waits for a key cannot be told to stop: so others wait for him.
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        file?.Try();
        try
        {
            return await Task.Run(() => AskAsync(cancel), cancel).WaitAsync(cancel);
        }
        catch (EndOfStreamException e)
        {
            throw new UsageException($"{e.Message}; {WhatIsWritten}");
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"vigil wizard: {WhatIsWritten}");
            return ExitCode.Failed;
        }
    }

    string WhatIsWritten =>
        file is { IsWritten: true } ? $"{file.Path} is written" : "nothing was written";

    async Task<int> AskAsync(CancellationToken cancel)
    {
        using var lines = Lines();
        Task<InstanceFacts?>? facts = null;
        var dialogue = new Dialogue(lines ?? Console.In, Given is null ? Console.Out : TextWriter.Null);
        var wizard = new ConfigurationWizard(dialogue, new()
        {
            AsksForJournald = AsksForJournald && Given is null,
            IsOnEc2Async = async () => await (facts ??= AskForFactsAsync(cancel)) is not null,
            RegionAsync = async () => (await (facts ??= AskForFactsAsync(cancel)))?.Region
                ?? HostEnvironment.Region() ?? "us-east-1",
            LookAt = WizardLook.At
        });
        var document = await wizard.AskAsync();
        cancel.ThrowIfCancellationRequested();
        var isGood = await CheckAsync(file?.Path ?? "the configuration", document);
        var said = Given is null ? dialogue : new Dialogue(TextReader.Null, Console.Out);
        Save(said, document, isGood);
        if (isGood && await wizard.AskWhereToStoreAsync() is { } where)
        {
            using var store = ParameterStore.In(where.Region, HostEnvironment.Variant());
            await store.PutAsync(where.Name, document, cancel);
            dialogue.Say($"Successfully put config to parameter store {where.Name}.");
        }

        var exitCode = !isGood ? ExitCode.BadUsage
            : file is not null && (IsApplied || (OffersToApply && wizard.AskWhetherToApply()))
                ? await new WizardApply(places).RunAsync(file.Path, cancel)
            : ExitCode.Done;
        dialogue.Say("Program exits now.");
        return exitCode;
    }

    // A list of answers knows nothing of this question, be it piped in or typed from a tutorial.
    bool OffersToApply =>
        !IsUpstream && Answers is null && Given is null && !Console.IsInputRedirected && !Console.IsOutputRedirected;

    TextReader? Lines()
    {
        try
        {
            return Given is { } given ? new StringReader(given.ToLines())
                : Answers is { } path ? new StreamReader(path)
                : null;
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    static async Task<InstanceFacts?> AskForFactsAsync(CancellationToken cancel)
    {
        if (!InstanceFacts.AreExpected)
        {
            return null;
        }

        using var metadata = new InstanceMetadata();
        return await InstanceFacts.TryAskAsync(metadata, HostEnvironment.Region(), cancel);
    }

    // An answer may be such as no configuration can have: a name with a blank, an expression that is none.
    static async Task<bool> CheckAsync(string name, string document)
    {
        var faults = ConfigurationReader.Read(name, Encoding.UTF8.GetBytes(document)).Faults;
        await FaultText.PrintAsync(faults);

        return faults.All(fault => fault.Severity != Severity.Error);
    }

    // What has faults must not take the place of what has none.
    void Save(Dialogue dialogue, string document, bool isGood)
    {
        dialogue.Say("Current config as follows:");
        dialogue.Say(document);
        if (file is null)
        {
            dialogue.Say("Nothing was written.");
        }
        else if (!isGood)
        {
            dialogue.Say($"It has faults, and did not become {file.Path}: it is in {file.WriteBeside(document)}.");
        }
        else
        {
            if (file.Write(document) is { } kept)
            {
                dialogue.Say($"Existing config JSON identified and copied to: {kept}");
            }

            dialogue.Say($"The config file is located at {file.Path}.");
        }
    }
}
