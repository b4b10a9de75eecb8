using System.CommandLine;

namespace Agent.Commands;

/// <summary><c>vigil logs</c>: looks at what a CloudWatch Logs service holds, local or in AWS.</summary>
static class LogsCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var command = new Command(
            "logs",
            "Look at log groups, log streams and log events of any CloudWatch Logs endpoint\n\n"
            + "Examples:\n"
            + "  vigil logs groups --endpoint local\n"
            + "  vigil logs get database_server_security_logs web-1 --endpoint local\n"
            + "  vigil logs tail database_server_security_logs --follow --filter '\"authentication failure\"'")
        {
            LogsGroupsCommand.Create(connection),
            LogsStreamsCommand.Create(connection),
            LogsGetCommand.Create(connection),
            LogsTailCommand.Create(connection)
        };
        connection.AddTo(command);
        return command;
    }
}
