namespace Agent.Config.Expressions;

/// <summary>Why a text is no expression.</summary>
/// <param name="Column">Where in the expression, in characters, counted from 1.</param>
/// <param name="What">What was found there.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record ExpressionFault(int Column, string What, string Remedy);

/// <summary>Carries a fault out of the depth of the reading; never seen outside of this folder.</summary>
sealed class ExpressionException(ExpressionFault fault) : Exception(fault.What)
{
    public ExpressionFault Fault => fault;
}
