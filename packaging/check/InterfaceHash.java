// SPDX-License-Identifier: Apache-2.0

import java.lang.classfile.AccessFlags;
import java.lang.classfile.Annotation;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.constant.ConstantDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;

/**
 * A hash of the part of a class that the compilation of other files can see: types, members that
 * are not private, constants and annotations, but neither code nor line numbers. Classes inside
 * methods have no such part.
 */
final class InterfaceHash {
  private final StringBuilder seen = new StringBuilder();

  private InterfaceHash() {}

  static String of(List<byte[]> classes) {
    InterfaceHash hash = new InterfaceHash();
    for (byte[] bytes : classes) {
      hash.add(ClassFile.of().parse(bytes));
    }
    return Workspace.hash(hash.seen.toString());
  }

  private void add(ClassModel type) {
    if (type.findAttribute(Attributes.enclosingMethod()).isPresent()
        || type.flags().has(AccessFlag.SYNTHETIC)) {
      return;
    }
    line("class", type.thisClass().asInternalName(), type.flags().flagsMask());
    type.superclass().ifPresent(parent -> line("extends", parent.asInternalName()));
    type.interfaces().forEach(parent -> line("implements", parent.asInternalName()));
    type.findAttribute(Attributes.permittedSubclasses())
        .ifPresent(permits ->
            permits.permittedSubclasses().forEach(each -> line("permits", each.asInternalName())));
    type.findAttribute(Attributes.innerClasses())
        .ifPresent(inner -> inner.classes().forEach(each -> addInner(type, each)));
    type.findAttribute(Attributes.record())
        .ifPresent(record ->
            record
                .components()
                .forEach(each -> {
                  line("component", each.name().stringValue(), each.descriptor().stringValue());
                  common(each);
                }));
    common(type);
    boolean inherits =
        type.superclass()
            .filter(parent -> !parent.asInternalName().startsWith("java/"))
            .isPresent();
    type.fields().forEach(field -> add(field, inherits));
    type.methods().forEach(this::add);
  }

  private void addInner(ClassModel type, InnerClassInfo inner) {
    String own = type.thisClass().asInternalName();
    String name = inner.innerClass().asInternalName();
    boolean member = inner.outerClass().isPresent();
    if (member && (name.equals(own) || inner.outerClass().get().asInternalName().equals(own))) {
      line("member", name, inner.flagsMask());
    }
  }

  /** A private field hides a field of the same name that would be inherited. */
  private void add(FieldModel field, boolean inherits) {
    boolean isPrivate = field.flags().has(AccessFlag.PRIVATE);
    if (isPrivate) {
      if (inherits) {
        line("hides", field.fieldName().stringValue());
      }
      return;
    }
    member(
        "field", field.fieldName().stringValue(), field.fieldType().stringValue(), field.flags());
    field
        .findAttribute(Attributes.constantValue())
        .ifPresent(value -> {
          ConstantDesc constant = value.constant().constantValue();
          line("constant", constant.getClass().getName(), constant);
        });
    common(field);
  }

  private void add(MethodModel method) {
    if (method.flags().has(AccessFlag.PRIVATE) || method.methodName().equalsString("<clinit>")) {
      return;
    }
    member(
        "method",
        method.methodName().stringValue(),
        method.methodType().stringValue(),
        method.flags());
    method
        .findAttribute(Attributes.exceptions())
        .ifPresent(
            thrown -> thrown.exceptions().forEach(each -> line("throws", each.asInternalName())));
    method
        .findAttribute(Attributes.annotationDefault())
        .ifPresent(value -> line("default", value.defaultValue()));
    common(method);
  }

  private void member(String kind, String name, String type, AccessFlags flags) {
    line(kind, name, type, flags.flagsMask());
  }

  private void common(AttributedElement element) {
    element
        .findAttribute(Attributes.signature())
        .ifPresent(each -> line("signature", each.signature().stringValue()));
    element
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(each -> annotations(each.annotations()));
    element
        .findAttribute(Attributes.runtimeInvisibleAnnotations())
        .ifPresent(each -> annotations(each.annotations()));
  }

  private void annotations(List<Annotation> annotations) {
    annotations.forEach(each -> line("annotation", each));
  }

  private void line(Object... words) {
    for (Object word : words) {
      seen.append(word).append(' ');
    }
    seen.append('\n');
  }
}
