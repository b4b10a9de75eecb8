using System.CommandLine;
using Agent.Commands;

var calledAs = CalledAs.This;
var root = new RootCommand(
    "Vigil ships a host's security logs to Amazon CloudWatch Logs and loses none of them.\n\n"
    + "Examples:\n"
    + "  vigil demo\n"
    + "  vigil run --config /etc/vigil/config.json\n"
    + "  vigil status")
{
    RunCommand.Create(),
    StatusCommand.Create(),
    ReloadCommand.Create(),
    ConfigCommand.Create(),
    GapsCommand.Create(),
    DeadLettersCommand.Create(),
    DoctorCommand.Create(),
    IamPolicyCommand.Create(),
    LocalCommand.Create(),
    AlarmsCommand.Create(),
    PatternCommand.Create(),
    SimulateCommand.Create(),
    LogsCommand.Create(),
    WizardCommand.Create(calledAs is not null),
    CtlCommand.Create(calledAs is not null),
    MigrateCommand.Create(),
    DemoCommand.Create(),
    LedgerCommand.Create(),
    BenchCommand.Create(),
    BenchSinkCommand.Create()
};
var parsed = root.Parse(calledAs is null ? args : [calledAs, .. args]);

// Commands end in good order on Ctrl-C by themselves, however long their draining takes.
return parsed.Errors.Count > 0
    ? await Usage.RefuseAsync(parsed)
    : await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
