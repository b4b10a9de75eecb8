using System.Text.Json.Nodes;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

sealed record ListOf(Shape Item, int Least, int Most = int.MaxValue) : Shape
{
    public override string Allowed =>
        Most == int.MaxValue ? $"a list of {Written(Least)} or more"
        : $"a list of {Written(Least)} to {Written(Most)}";

    protected override bool Takes(Value value) =>
        value is ListValue { Items.Count: var count } && count >= Least && count <= Most;

    public override JsonObject ToSchema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = Item.ToSchema(), ["minItems"] = Least };
        if (Most != int.MaxValue)
            schema["maxItems"] = Most;

        return schema;
    }

    public override bool Check(Value value, Key key, FaultList faults)
    {
        if (!base.Check(value, key, faults))
            return false;

        var isRight = true;
        foreach (var item in ((ListValue)value).Items)
            isRight &= Item.Check(item, key, faults);

        return isRight;
    }
}
