<?xml version="1.0" encoding="UTF-8"?>
<!-- The columns of bulk_csv.lua. Quotes are left out: no value of bulk_answer.py needs them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="CP932"/>
  <xsl:template match="/XmlMsg">
    <xsl:text>照会番号,氏名,氏名カナ,生年月日,性別,保険者番号,保険者名,記号,番号,枝番,有効開始日,有効終了日&#13;&#10;</xsl:text>
    <xsl:apply-templates select="MessageBody/BulkConfirmUnit"/>
  </xsl:template>
  <xsl:template match="BulkConfirmUnit">
    <xsl:value-of select="ReferenceNumber"/>
    <xsl:for-each select="ResultOfQualificationConfirmation">
      <xsl:value-of select="concat(',', Name, ',', NameKana, ',')"/>
      <xsl:call-template name="day"><xsl:with-param name="value" select="Birthdate"/></xsl:call-template>
      <xsl:value-of select="concat(',', Sex1, ',', normalize-space(InsurerNumber), ',', InsurerName, ',', InsuredCardSymbol)"/>
      <xsl:value-of select="concat(',', InsuredIdentificationNumber, ',', InsuredBranchNumber, ',')"/>
      <xsl:call-template name="day"><xsl:with-param name="value" select="InsuredCardValidDate"/></xsl:call-template>
      <xsl:text>,</xsl:text>
      <xsl:call-template name="day"><xsl:with-param name="value" select="InsuredCardExpirationDate"/></xsl:call-template>
    </xsl:for-each>
    <xsl:text>&#13;&#10;</xsl:text>
  </xsl:template>
  <xsl:template name="day">
    <xsl:param name="value"/>
    <xsl:value-of select="concat(substring($value, 1, 4), '/', substring($value, 5, 2), '/', substring($value, 7))"/>
  </xsl:template>
</xsl:stylesheet>
