using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Agent.Tests.Tidy;

/// <summary>What a type of an assembly has been seen to use. Decoding a signature into it adds every type the signature
/// names; the values that decoding returns mean nothing.</summary>
sealed class SeenTypes(
    MetadataReader reader, Func<TypeDefinitionHandle, TypeName> defined, Func<TypeReferenceHandle, TypeName> referenced)
    : ISignatureTypeProvider<bool, object?>
{
    readonly HashSet<TypeName> _types = [];

    public IReadOnlySet<TypeName> Types => _types;

    public void Add(TypeName type) => _types.Add(type);

    /// <summary>Anything that code or metadata can point to, with the types it is made of.</summary>
    public void Add(EntityHandle handle)
    {
        if (handle.IsNil)
            return;

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition: Add(defined((TypeDefinitionHandle)handle)); break;
            case HandleKind.TypeReference: Add(referenced((TypeReferenceHandle)handle)); break;
            case HandleKind.TypeSpecification:
                reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                break;
            case HandleKind.FieldDefinition: Add(reader.GetFieldDefinition((FieldDefinitionHandle)handle)); break;
            case HandleKind.MethodDefinition: Add(reader.GetMethodDefinition((MethodDefinitionHandle)handle)); break;
            case HandleKind.MemberReference: Add(reader.GetMemberReference((MemberReferenceHandle)handle)); break;
            case HandleKind.MethodSpecification:
                Add(reader.GetMethodSpecification((MethodSpecificationHandle)handle));
                break;
            case HandleKind.StandaloneSignature:
                Add(reader.GetStandaloneSignature((StandaloneSignatureHandle)handle));
                break;
            default: throw new NotSupportedException($"Code points to a {handle.Kind}, which nobody has thought of.");
        }
    }

    void Add(FieldDefinition field)
    {
        Add(field.GetDeclaringType());
        field.DecodeSignature(this, null);
    }

    void Add(MethodDefinition method)
    {
        Add(method.GetDeclaringType());
        method.DecodeSignature(this, null);
    }

    void Add(MemberReference member)
    {
        Add(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Field)
            member.DecodeFieldSignature(this, null);
        else
            member.DecodeMethodSignature(this, null);
    }

    void Add(MethodSpecification method)
    {
        Add(method.Method);
        method.DecodeSignature(this, null);
    }

    void Add(StandaloneSignature signature)
    {
        if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
            signature.DecodeLocalSignature(this, null);
        else
            signature.DecodeMethodSignature(this, null);
    }

    bool ISimpleTypeProvider<bool>.GetTypeFromDefinition(
        MetadataReader source, TypeDefinitionHandle handle, byte kind) =>
        _types.Add(defined(handle));

    bool ISimpleTypeProvider<bool>.GetTypeFromReference(
        MetadataReader source, TypeReferenceHandle handle, byte kind) =>
        _types.Add(referenced(handle));

    bool ISignatureTypeProvider<bool, object?>.GetTypeFromSpecification(
        MetadataReader source, object? context, TypeSpecificationHandle handle, byte kind)
    {
        Add((EntityHandle)handle);
        return true;
    }

    // The rest is made of types that were added when they were decoded themselves.
    bool ISimpleTypeProvider<bool>.GetPrimitiveType(PrimitiveTypeCode code) => true;

    bool ISZArrayTypeProvider<bool>.GetSZArrayType(bool element) => true;

    bool IConstructedTypeProvider<bool>.GetArrayType(bool element, ArrayShape shape) => true;

    bool IConstructedTypeProvider<bool>.GetByReferenceType(bool element) => true;

    bool IConstructedTypeProvider<bool>.GetPointerType(bool element) => true;

    bool IConstructedTypeProvider<bool>.GetGenericInstantiation(bool generic, ImmutableArray<bool> arguments) => true;

    bool ISignatureTypeProvider<bool, object?>.GetFunctionPointerType(MethodSignature<bool> signature) => true;

    bool ISignatureTypeProvider<bool, object?>.GetGenericMethodParameter(object? context, int index) => true;

    bool ISignatureTypeProvider<bool, object?>.GetGenericTypeParameter(object? context, int index) => true;

    bool ISignatureTypeProvider<bool, object?>.GetModifiedType(bool modifier, bool type, bool isRequired) => true;

    bool ISignatureTypeProvider<bool, object?>.GetPinnedType(bool element) => true;
}
